import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa, ExecaError } from "execa";
import { ExplainedError } from "../../text/errors.ts";
import { cacheFolder } from "../folders.ts";

/** The Keycloak that `npm start` and the tests run. */
export const keycloakVersion = "26.7.4";

const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`;
const unpackPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/**
 * A Keycloak to run: KEYCLOAK_HOME, or version 26.7.4 from Maven Central, kept in the cache folder once per variant, because
 * Keycloak builds its base path into its own folder.
 *
 * @param variant a name for what is built in
 * @returns Keycloak's home folder
 * @throws ExplainedError (3) if there is none and none can be had
 */
export async function findKeycloak(variant: string, variables: NodeJS.ProcessEnv): Promise<string> {
  const own = variables.KEYCLOAK_HOME;
  if (own) {
    if (isComplete(own)) return own;
    throw new ExplainedError(
      3,
      `KEYCLOAK_HOME: there is no Keycloak in ${own}; name the folder that holds bin/kc.sh`,
    );
  }
  const home = join(cacheFolder(variables), `keycloak-${keycloakVersion}-${variant}`);
  if (!isComplete(home)) await download(home, variables);
  return home;
}

function isComplete(home: string): boolean {
  return ["bin/kc.sh", "lib/quarkus-run.jar"].every((file) => existsSync(join(home, file)));
}

async function download(home: string, variables: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(dirname(home), { recursive: true });
  const folder = await mkdtemp(`${home}.`);
  console.log(`Keycloak ${keycloakVersion} comes from Maven Central (160 MB, once) …`);
  try {
    try {
      await unpack(folder, variables);
    } catch (error) {
      if (!(error instanceof ExecaError) || error.code === "ENOENT") throw error;
      console.log("that did not work; once more, without what Maven kept of it …");
      await maven(
        ["purge-local-repository", "-DmanualInclude=org.keycloak:keycloak-quarkus-dist"],
        variables,
      );
      await unpack(folder, variables);
    }
    const unpacked = join(folder, `keycloak-${keycloakVersion}`);
    await chmod(join(unpacked, "bin/kc.sh"), 0o755);
    await rm(home, { recursive: true, force: true });
    await rename(unpacked, home);
  } catch (error) {
    throw explained(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(folder: string, variables: NodeJS.ProcessEnv): Promise<void> {
  await maven(["unpack", `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], variables);
}

async function maven(
  [goal, ...args]: [string, ...string[]],
  variables: NodeJS.ProcessEnv,
): Promise<void> {
  await execa("mvn", ["-U", "-C", `${unpackPlugin}:${goal}`, ...args], {
    cwd: cacheFolder(variables),
    env: variables,
    extendEnv: false,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

function explained(error: unknown): unknown {
  if (!(error instanceof ExecaError)) return error;
  const install =
    "install Maven (mvn), or unpack Keycloak yourself and name its folder in KEYCLOAK_HOME";
  return error.code === "ENOENT"
    ? new ExplainedError(
        3,
        `there is no Keycloak here and mvn, which gets it, is not on PATH; ${install}`,
      )
    : new ExplainedError(
        3,
        `Keycloak ${keycloakVersion} could not be had from Maven Central (see above); ${install}`,
      );
}
