import { join } from "node:path";
import { adminClient } from "../../operations/keycloak/login/admin.ts";
import { needPort } from "../../system/ports.ts";
import { FailedError } from "../../text/errors.ts";
import { localKeycloak } from "../keycloak/keycloak.ts";
import { declarationFolder } from "../local-project.ts";
import { administratorLogin, ensureLogins } from "../logins.ts";
import type { StartOptions } from "../start.ts";
import { prepareBackend } from "./backend.ts";
import { CredentialFiles } from "./credential-files.ts";
import { DemoPeople } from "./people.ts";
import { followKeycloak } from "./keycloak.ts";
import { asOnlyDemo, demoFolder } from "./leftovers.ts";
import type { DemoProcess, Log } from "./process.ts";
import { frontendUrl } from "./participants.ts";
import { type DemoSettings, demoSettings, startDemoRealm } from "./settings.ts";
import { type Running, Stage } from "./stage.ts";

/** Options of the demo. */
export interface DemoOptions extends Pick<StartOptions, "variables" | "interrupted" | "progress"> {
  /** Receives every line that a process prints. */
  readonly log: Log;
  /** Called when all processes answer. */
  readonly onRunning: (running: Running) => void;
}

/**
 * Runs Keycloak with the demo's realm, the backend, the frontend and a customer's app on this machine, until it is interrupted. A
 * Keycloak that was running before keeps running. Processes that a killed demo left are ended first.
 *
 * @throws UsageError if the environment refers to another Keycloak
 * @throws UnavailableError if something needed is missing, such as the examples, or if another demo runs
 * @throws FailedError if a process ends by itself
 */
export async function demo(options: DemoOptions): Promise<void> {
  const settings = await demoSettings(options.variables);
  await asOnlyDemo(() => run(settings, options), options.interrupted);
}

async function run(settings: DemoSettings, options: DemoOptions): Promise<void> {
  const { interrupted, progress, log, onRunning } = options;
  const { environment, variables } = settings;
  const frontend = frontendUrl(environment);
  await needPort(
    Number(frontend.port || 80),
    `set another redirect URI in ${declarationFolder}/environments/local.yaml, because Keycloak sends users back to the frontend there`,
  );
  await prepareBackend(variables, interrupted);
  await using files = new CredentialFiles(join(demoFolder, "credentials"), variables);
  await using started = await startDemoRealm(settings, { interrupted, progress });
  const keycloak = await localKeycloak();
  if (!keycloak) throw new FailedError("Keycloak has ended");
  const login = administratorLogin(started.baseUrl, await ensureLogins());
  // uninterrupted: the people are disabled after Ctrl-C
  const admin = await adminClient(login, true);
  await using people = await DemoPeople.open(admin, started.declaration.realm);
  await using stage = new Stage({ admin, files, people, frontend, interrupted, log, variables });
  stage.processes.push(followKeycloak(keycloak, log, variables));
  onRunning(await stage.start(started));
  await untilOneEnds(stage.processes, interrupted);
  interrupted.throwIfAborted();
}

/** Waits until the demo is interrupted. @throws FailedError if a process ends before */
async function untilOneEnds(
  processes: readonly DemoProcess[],
  interrupted: AbortSignal,
): Promise<void> {
  const interruption = new Promise<undefined>((resolve) => {
    if (interrupted.aborted) resolve(undefined);
    interrupted.addEventListener("abort", () => {
      resolve(undefined);
    });
  });
  const ends = processes.map(async (each) => ({ process: each, how: await each.ended }));
  const first = await Promise.race([interruption, ...ends]);
  if (!first) return;
  throw new FailedError(
    `the ${first.process.name} has ended (${first.how}), and the demo with it; its last lines:\n${first.process.lastLines()}`,
  );
}
