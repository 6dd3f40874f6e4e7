/** 200 requests per second for 30 s to `examples/backend-flask` with two workers, each with a customer's token to verify. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadEnvironment } from "../configuration/environment.ts";
import { adminClient } from "../keycloak/admin.ts";
import { deployedClient } from "../keycloak/customer-clients.ts";
import { issuerOf, requestToken } from "../keycloak/token.ts";
import { prepareBackend, startBackend } from "../local/demo/backend.ts";
import { frontendUrl, rolesIn } from "../local/demo/roles.ts";
import { ownKeycloak, stopOwnKeycloak } from "../local/keycloak/own.ts";
import { ensureLogins } from "../local/logins.ts";
import { freePort } from "../local/port.ts";
import { needProgram } from "../local/programs.ts";
import { type Started, start } from "../local/start.ts";
import { administratorLogin } from "../local/target.ts";
import { ExplainedError } from "../text/errors.ts";
import { table } from "../text/table.ts";
import { load } from "./load.ts";

const rate = 200;
const seconds = 30;

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"])
  process.on(signal, () => {
    interruption.abort();
  });

await needProgram("terraform", process.env);
await prepareBackend();
const environment = loadEnvironment();
const ranBefore = (await ownKeycloak()) !== undefined;
try {
  const options = { asAdministrator: false, interrupted: interruption.signal };
  await start(environment, options, measure);
} finally {
  if (!ranBefore) await stopOwnKeycloak();
}

async function measure({ synthesis: { declaration }, baseUrl }: Started): Promise<void> {
  const { realm } = declaration;
  const { api, customers } = rolesIn(declaration);
  const clientId = customers[0]?.id ?? "";
  const admin = await adminClient(administratorLogin(baseUrl, await ensureLogins()));
  const clientSecret = (await deployedClient(admin, realm, clientId))?.secret ?? "";
  const issuer = issuerOf(baseUrl, realm);
  const answer = await requestToken({ issuer, clientId, clientSecret });
  if ("error" in answer) throw new ExplainedError(1, `no customer gets a token: ${answer.error}`);

  const dataFolder = await mkdtemp(join(tmpdir(), "bench-"));
  const port = await freePort();
  const frontendOrigin = frontendUrl(environment).origin;
  const rateLimit = "1000000 per minute";
  const settings = { port, issuer, audience: api, frontendOrigin, dataFolder, rateLimit };
  const backend = await startBackend(settings, () => undefined);
  try {
    console.log(`${rate} requests per second for ${seconds} s …`);
    const result = await load(`http://127.0.0.1:${port}/orders`, answer.token, rate, seconds);
    const { requests, errors, statuses, p50, p95, p99 } = result;
    const others = requests - errors - (statuses["200"] ?? 0);
    console.log(
      table([
        ["requests", "in", "errors", "not 200", "p50", "p95", "p99"],
        [
          String(requests),
          `${result.seconds.toFixed(1)} s`,
          ...[errors, others].map(String),
          ...[p50, p95, p99].map((time) => `${time.toFixed(1)} ms`),
        ],
      ]),
    );
  } finally {
    await backend.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}
