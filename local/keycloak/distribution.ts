import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { fullDisk } from "../../system/disk.ts";
import { cacheFolder } from "../../system/folders.ts";
import { UnavailableError } from "../../text/errors.ts";

/** Version of the Keycloak that `npm start` and the tests run. */
export const keycloakVersion = "26.7.4";

const mavenRepository = join(cacheFolder, "maven");
const artifactFolder = join(mavenRepository, "org/keycloak/keycloak-quarkus-dist", keycloakVersion);
const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`;
const dependencyPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/**
 * Home folder of a Keycloak to run: KEYCLOAK_HOME, or the {@link keycloakVersion} from Maven Central. The cache folder has one per
 * base path, because Keycloak builds its base path into its own folder.
 *
 * @param basePath the path below which it will answer, or ""
 * @throws UnavailableError if there is none and it cannot be downloaded
 */
export async function findKeycloak(
  basePath: string,
  variables: NodeJS.ProcessEnv,
): Promise<string> {
  const own = variables.KEYCLOAK_HOME;
  if (own) {
    if (isComplete(own)) return own;
    throw new UnavailableError(
      `KEYCLOAK_HOME: there is no Keycloak in ${own}; set the folder that contains bin/kc.sh`,
    );
  }
  const home = join(cacheFolder, `keycloak-${keycloakVersion}${basePath.replaceAll("/", "-")}`);
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
    console.log(`downloading Keycloak ${keycloakVersion} from Maven Central …`);
    const first = await unpack(folder, variables);
    if (first !== undefined) {
      console.log("the download failed; trying again from the beginning …");
      await rm(artifactFolder, { recursive: true, force: true });
      const second = await unpack(folder, variables);
      if (second !== undefined) {
        throw new UnavailableError(`${second}${await fullDisk(folder)}\n${elsewhere}`);
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
  "or unpack a Keycloak yourself and set its folder in KEYCLOAK_HOME, or set the address of a running one in KEYCLOAK_URL";

/** Downloads Keycloak if necessary, and unpacks it. @returns the reason of a failure */
async function unpack(folder: string, variables: NodeJS.ProcessEnv): Promise<string | undefined> {
  let shown = 0;
  const showProgress = async () => {
    const megabytes = await downloaded();
    if (megabytes > shown) console.log(`  ${megabytes} of 177 MB`);
    shown = megabytes;
  };
  const progress = setInterval(() => void showProgress(), 2_000);
  try {
    const { exitCode, code, all } = await execa(
      "mvn",
      [
        ...["--batch-mode", "--quiet", "--strict-checksums", `${dependencyPlugin}:unpack`],
        `-Dmaven.repo.local=${mavenRepository}`,
        `-Dartifact=${artifact}`,
        `-DoutputDirectory=${folder}`,
      ],
      { cwd: folder, env: variables, extendEnv: false, all: true, reject: false },
    );
    if (code === "ENOENT") {
      throw new UnavailableError(
        `mvn, which downloads Keycloak, is not on PATH; install Maven, ${elsewhere}`,
      );
    }
    return exitCode === 0
      ? undefined
      : `Maven cannot download Keycloak ${keycloakVersion}:\n${all}`;
  } finally {
    clearInterval(progress);
  }
}

/** Size of the largest downloaded file of the artifact, in MB. */
async function downloaded(): Promise<number> {
  const files = await readdir(artifactFolder).catch(() => []);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(artifactFolder, file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return Math.round(Math.max(0, ...sizes) / 1_000_000);
}
