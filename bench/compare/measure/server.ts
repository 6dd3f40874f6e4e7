import { constants } from "node:fs";
import { randomBytes } from "node:crypto";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { findKeycloak } from "../../../local/keycloak/distribution.ts";
import { startKeycloak } from "../../../local/keycloak/server.ts";
import {
  adminClient,
  type Login,
  loginVariables,
} from "../../../operations/keycloak/login/admin.ts";
import { interruption } from "../../../system/interruption.ts";
import { freePort } from "../../../system/ports.ts";
import { endProcessGroup } from "../../../system/programs/process-groups.ts";

const administrator = { username: "admin", password: "admin" };
const pageSize = 1_000;

/** The Keycloak of a benchmark. It counts its requests. */
export class BenchKeycloak implements AsyncDisposable {
  readonly baseUrl: string;
  /** The Admin REST API as an administrator. */
  readonly admin: KcAdminClient;
  readonly #login: Login;
  readonly #metrics: string;
  readonly #pid: number;

  private constructor(login: Login, admin: KcAdminClient, metrics: string, pid: number) {
    this.baseUrl = login.baseUrl;
    this.admin = admin;
    this.#login = login;
    this.#metrics = metrics;
    this.#pid = pid;
  }

  /** Starts a Keycloak with its program and its data in a folder. */
  static async start(folder: string): Promise<BenchKeycloak> {
    // Keycloak builds the option for metrics into its own folder, and the original is for npm start
    const home = join(folder, "keycloak");
    await cp(await findKeycloak("", process.env, interruption), home, {
      ...{ recursive: true, mode: constants.COPYFILE_FICLONE },
    });
    const data = join(folder, "data");
    await mkdir(data);
    const [port, managementPort] = [await freePort(), await freePort()];
    const { baseUrl, pid } = await startKeycloak(
      {
        ...{ home, folder: data, port, basePath: "", administrator, isBusy: true },
        variables: {
          ...process.env,
          KC_METRICS_ENABLED: "true",
          KC_HTTP_MANAGEMENT_PORT: String(managementPort),
        },
      },
      interruption,
    );
    const person = { baseUrl, realm: "master", clientId: "admin-cli", ...administrator };
    const login = await createServiceAccount(person);
    const metrics = `http://localhost:${managementPort}/metrics`;
    return new BenchKeycloak(login, await adminClient(login), metrics, pid);
  }

  /** Environment variables with its address and the login of a service account, for commands and providers. */
  get variables(): NodeJS.ProcessEnv {
    return { ...process.env, ...loginVariables(this.#login), KEYCLOAK_URL: this.baseUrl };
  }

  /** The number of requests that it has answered. @see https://www.keycloak.org/observability/metrics-for-troubleshooting-http */
  async requests(): Promise<number> {
    const text = await (await fetch(this.#metrics)).text();
    const counts = text.matchAll(/^http_server_requests_seconds_count\{.*\} (\S+)$/gm);
    return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** The number of events that it has stored for a realm since a time, in milliseconds since 1970. */
  async eventRows(realm: string, since: number): Promise<number> {
    const { realms } = this.admin;
    const query = { realm, max: pageSize };
    const adminEvents = await counted(since, (first) =>
      realms.findAdminEvents({ ...query, first }),
    );
    const signIns = await counted(since, (first) => realms.findEvents({ ...query, first }));
    return adminEvents + signIns;
  }

  /** Creates a realm with many clients, because a Keycloak that has just started is slower. */
  async warmUp(): Promise<void> {
    const realm = "warm-up";
    await this.admin.realms.create({ realm, enabled: true });
    for (let number = 0; number < 1_000; number += 1)
      await this.admin.clients.create({ realm, clientId: `client-${number}` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcessGroup(this.#pid);
  }
}

/** Creates an administrator that logs in as a pipeline does: with a password, each login takes a tenth of a second of CPU. */
async function createServiceAccount(person: Login): Promise<Login> {
  const { clients, roles, users } = await adminClient(person);
  const { baseUrl, realm } = person;
  const [clientId, clientSecret] = ["bench", randomBytes(16).toString("hex")];
  const { id: client } = await clients.create({
    ...{ realm, clientId, secret: clientSecret, serviceAccountsEnabled: true },
    standardFlowEnabled: false,
  });
  const { id = "" } = await clients.getServiceAccountUser({ realm, id: client });
  const admin = await roles.findOneByName({ realm, name: "admin" });
  const mapping = { id: admin?.id ?? "", name: "admin" };
  await users.addRealmRoleMappings({ realm, id, roles: [mapping] });
  return { baseUrl, realm, clientId, clientSecret };
}

/** Counts events from pages of them, the newest first. */
async function counted(
  since: number,
  page: (first: number) => Promise<readonly { readonly time?: number }[]>,
): Promise<number> {
  let count = 0;
  for (;;) {
    const events = await page(count);
    const recent = events.filter(({ time = 0 }) => time >= since);
    count += recent.length;
    if (recent.length < pageSize) return count;
  }
}
