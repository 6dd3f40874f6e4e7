import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { ExplainedError } from "../../text/errors.ts";
import { fullDisk } from "../disk.ts";
import { cacheFolder } from "../folders.ts";

/** The Keycloak that `npm start` and the tests run. */
export const keycloakVersion = "26.7.4";

const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`;
const dependencyPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/**
 * A Keycloak to run: KEYCLOAK_HOME, or version 26.7.4 from Maven Central, kept in the cache folder once per base path, because
 * Keycloak builds its base path into its own folder.
 *
 * @param basePath the path below which it will answer, or ""
 * @returns Keycloak's home folder
 * @throws ExplainedError (3) if there is none and none can be had
 */
export async function findKeycloak(
  basePath: string,
  variables: NodeJS.ProcessEnv,
): Promise<string> {
  const own = variables.KEYCLOAK_HOME;
  if (own) {
    if (isComplete(own)) return own;
    throw new ExplainedError(
      3,
      `KEYCLOAK_HOME: there is no Keycloak in ${own}; name the folder that holds bin/kc.sh`,
    );
  }
  const home = join(
    cacheFolder(variables),
    `keycloak-${keycloakVersion}${basePath.replaceAll("/", "-")}`,
  );
  if (!isComplete(home)) await download(home, variables);
  return home;
}

function isComplete(home: string): boolean {
  return ["bin/kc.sh", "lib/quarkus-run.jar"].every((file) => existsSync(join(home, file)));
}

async function download(home: string, variables: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(dirname(home), { recursive: true });
  const folder = await mkdtemp(`${home}.`);
  try {
    console.log(`Keycloak ${keycloakVersion} comes from Maven Central …`);
    const first = await unpack(folder, variables);
    if (first !== undefined) {
      console.log("that did not work; once more, without what is left of it …");
      await rm(artifactFolder(variables), { recursive: true, force: true });
      const second = await unpack(folder, variables);
      if (second !== undefined) {
        throw new ExplainedError(3, `${second}${await fullDisk(folder)}\n${elsewhere}`);
      }
    }
    const unpacked = join(folder, `keycloak-${keycloakVersion}`);
    await chmod(join(unpacked, "bin/kc.sh"), 0o755);
    await rm(home, { recursive: true, force: true });
    await rename(unpacked, home);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const elsewhere =
  "or unpack a Keycloak yourself and name its folder in KEYCLOAK_HOME, or name one that runs in KEYCLOAK_URL";

/** Downloads, where need be, and unpacks. @returns what went wrong */
async function unpack(folder: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  let shown = 0;
  const showProgress = async () => {
    const megabytes = await downloaded(variables);
    if (megabytes > shown) console.log(`  ${megabytes} of 177 MB`);
    shown = megabytes;
  };
  const progress = setInterval(() => void showProgress(), 2_000);
  try {
    const { exitCode, code, all } = await execa(
      "mvn",
      [
        ...["--batch-mode", "--quiet", "--strict-checksums", `${dependencyPlugin}:unpack`],
        `-Dmaven.repo.local=${mavenRepository(variables)}`,
        `-Dartifact=${artifact}`,
        `-DoutputDirectory=${folder}`,
      ],
      { cwd: folder, env: variables, extendEnv: false, all: true, reject: false },
    );
    if (code === "ENOENT") {
      throw new ExplainedError(
        3,
        `mvn, which gets Keycloak, is not on PATH; install Maven, ${elsewhere}`,
      );
    }
    return exitCode === 0 ? undefined : `Maven cannot get Keycloak ${keycloakVersion}:\n${all}`;
  } finally {
    clearInterval(progress);
  }
}

/** The size of the largest file that there is of the artifact, in MB. */
async function downloaded(variables: NodeJS.ProcessEnv): Promise<number> {
  const files = await readdir(artifactFolder(variables)).catch(() => []);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(artifactFolder(variables), file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return Math.round(Math.max(0, ...sizes) / 1_000_000);
}

function mavenRepository(variables: NodeJS.ProcessEnv): string {
  return join(cacheFolder(variables), "maven");
}

function artifactFolder(variables: NodeJS.ProcessEnv): string {
  return join(mavenRepository(variables), "org/keycloak/keycloak-quarkus-dist", keycloakVersion);
}
