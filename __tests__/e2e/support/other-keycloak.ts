import { constants, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKeycloak } from "../../../local/keycloak/distribution.ts";
import { startKeycloak } from "../../../local/keycloak/server.ts";
import { freePort } from "../../../system/ports.ts";
import { endProcessGroup } from "../../../system/process-groups.ts";
import type { Server } from "./end-to-end.ts";

/** A Keycloak that one test file needs besides the shared ones, because it has other options. */
export interface OtherKeycloak extends Server {
  /** Ends it, and removes its files. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a Keycloak without a base path.
 *
 * @param options Keycloak's options as environment variables: `{ KC_FEATURES: "client-secret-rotation" }`
 * @see https://www.keycloak.org/server/all-config
 */
export async function startOtherKeycloak(options: NodeJS.ProcessEnv): Promise<OtherKeycloak> {
  const folder = await mkdtemp(join(tmpdir(), "other-keycloak-"));
  const home = join(folder, "home");
  const data = join(folder, "data");
  // Keycloak builds its options into its own folder, from which the shared ones run
  await cp(await findKeycloak("", process.env), home, {
    ...{ recursive: true, mode: constants.COPYFILE_FICLONE },
  });
  await mkdir(data);
  const administrator = { username: "admin", password: "admin" };
  const { url, basePath, pid } = await startKeycloak({
    ...{ home, folder: data, port: await freePort(), basePath: "", administrator },
    variables: { ...process.env, ...options },
  });
  const stop = async () => {
    await endProcessGroup(pid);
    await rm(folder, { recursive: true, force: true });
  };
  return { url, basePath, administrator, stop };
}
