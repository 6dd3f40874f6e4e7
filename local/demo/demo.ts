import { join } from "node:path";
import type { Environment } from "../../configuration/environment.ts";
import { ExplainedError } from "../../text/errors.ts";
import { stateFolder } from "../folders.ts";
import { ownKeycloak, stopOwnKeycloak } from "../keycloak/own.ts";
import { needPort } from "../port.ts";
import { start } from "../start.ts";
import { meansOwnKeycloak } from "../target.ts";
import { prepareBackend } from "./backend.ts";
import { CredentialFiles } from "./credential-files.ts";
import { followKeycloak } from "./keycloak.ts";
import type { Log, Part } from "./part.ts";
import { frontendUrl } from "./roles.ts";
import { type Running, Stage } from "./stage.ts";

/**
 * Runs everything that the realm is for, on this machine, until it is interrupted: Keycloak with the declared realm, the backend,
 * the frontend, and a third party's app. A Keycloak that ran before goes on running.
 *
 * @param interrupted ends all of it
 * @param log hears every line that a part prints
 * @param onRunning is told when all of it answers
 * @throws ExplainedError (3) if something is missing, (1) if a part ends by itself
 */
export async function demo(
  environment: Environment,
  interrupted: AbortSignal,
  log: Log,
  onRunning: (running: Running) => void,
): Promise<void> {
  if (!meansOwnKeycloak(environment)) {
    throw new ExplainedError(
      2,
      "the demo makes a user, so it works with a Keycloak of its own alone; run it without KEYCLOAK_URL, in an environment whose Keycloak is at localhost",
    );
  }
  const frontend = frontendUrl(environment);
  await needPort(
    Number(frontend.port || 80),
    `name another redirect URI in environments/${environment.name}.yaml: the frontend has to be where Keycloak sends users back to`,
  );
  await prepareBackend();
  const ranBefore = (await ownKeycloak()) !== undefined;
  const folder = join(stateFolder(), "demo");
  const files = new CredentialFiles(join(folder, "credentials"));
  const stage = new Stage({ folder, files, frontend, interrupted, log });
  try {
    await start(environment, { asAdministrator: false, interrupted }, async (started) => {
      const keycloak = await ownKeycloak();
      if (!keycloak) throw new ExplainedError(1, "Keycloak has ended");
      stage.parts.push(followKeycloak(keycloak, log));
      onRunning(await stage.start(started));
      await untilOneEnds(stage.parts, interrupted);
    });
  } finally {
    await Promise.all(stage.parts.map((part) => part.stop()));
    if (!ranBefore) await stopOwnKeycloak();
    await files.remove();
  }
}

/** Waits until the demo is interrupted. @throws ExplainedError (1) if a part ends before */
async function untilOneEnds(parts: readonly Part[], interrupted: AbortSignal): Promise<void> {
  const interruption = new Promise<undefined>((resolve) => {
    if (interrupted.aborted) resolve(undefined);
    interrupted.addEventListener("abort", () => {
      resolve(undefined);
    });
  });
  const ends = parts.map(async (part) => ({ part, how: await part.ended }));
  const first = await Promise.race([interruption, ...ends]);
  if (!first) return;
  const { part, how } = first;
  throw new ExplainedError(
    1,
    `the ${part.name} has ended (${how}), and the demo with it; its last lines:\n${part.lastLines()}`,
  );
}
