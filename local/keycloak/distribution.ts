import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { execa } from "execa";
import { fullDisk, needSpace } from "../../system/disk.ts";
import { cacheFolder } from "../../system/folders.ts";
import { withLock } from "../../system/lock.ts";
import { TemporaryFolder } from "../../system/temporary-folder.ts";
import { UnavailableError } from "../../text/errors.ts";

/** Version of the Keycloak that `npm start` and the tests run. */
export const keycloakVersion = "26.7.4";

const megabytes = { download: 177, unpacked: 190 };

const mavenRepository = join(cacheFolder, "maven");
const artifactFolder = join(mavenRepository, "org/keycloak/keycloak-quarkus-dist", keycloakVersion);
const zip = join(artifactFolder, `keycloak-quarkus-dist-${keycloakVersion}.zip`);
const artifact = `org.keycloak:keycloak-quarkus-dist:${keycloakVersion}:zip`;
const dependencyPlugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/**
 * Home folder of a Keycloak to run: KEYCLOAK_HOME, or the {@link keycloakVersion} from Maven Central. The cache folder has one per
 * base path, because Keycloak builds its base path into its own folder.
 *
 * @param basePath the path below which it will answer, or ""
 * @param interrupted ends a download
 * @throws UnavailableError if there is none and it cannot be downloaded
 */
export async function findKeycloak(
  basePath: string,
  variables: NodeJS.ProcessEnv,
  interrupted?: AbortSignal,
): Promise<string> {
  if (variables.KEYCLOAK_HOME) {
    // Keycloak runs in another folder
    const own = resolve(variables.KEYCLOAK_HOME);
    if (existsSync(join(own, "bin/kc.sh"))) return runnable(own, "KEYCLOAK_HOME to another folder");
    throw new UnavailableError(
      `KEYCLOAK_HOME: there is no Keycloak in ${own}; set the folder that contains bin/kc.sh`,
    );
  }
  const remedy = "KEYCLOAK_HOME to a Keycloak in another folder, or on Linux XDG_CACHE_HOME";
  const name = `${keycloakVersion}${basePath.replaceAll("/", "-")}`;
  // earlier versions of this project did not verify theirs, which are next to this folder and may be in use
  const home = join(runnable(cacheFolder, remedy), "keycloak", name);
  if (!(await isComplete(home))) {
    const options = {
      waiting: "waiting for another download of Keycloak …",
      busy: "another command is still downloading Keycloak; try again when it is done",
      ...{ seconds: 3_600, interrupted },
    };
    await withLock(join(cacheFolder, "download.lock"), options, async () => {
      if (!(await isComplete(home))) await download(home, variables, interrupted);
    });
  }
  return home;
}

/** Refuses a folder that Keycloak's own script cannot run in. @param remedy the variable to set, for the message */
function runnable(folder: string, remedy: string): string {
  const character = /[':]/.exec(folder)?.[0];
  if (character === undefined) return folder;
  throw new UnavailableError(
    `Keycloak does not run in ${folder}, because its path contains ${character}; set ${remedy}`,
  );
}

const contentsFile = "contents.sha256";

/** Whether a downloaded Keycloak has exactly the libraries that were unpacked. */
async function isComplete(home: string): Promise<boolean> {
  const expected = await readFile(join(home, contentsFile), "utf8").catch(() => undefined);
  // a file may be missing
  const found = await contentsOf(home).catch(() => undefined);
  return found !== undefined && found === expected;
}

/** Digest of the names and sizes of a Keycloak's libraries, its script and its launcher. Some of the other files change when it builds itself. */
async function contentsOf(home: string): Promise<string> {
  const libraries = await readdir(join(home, "lib/lib"), { recursive: true, withFileTypes: true });
  const files = libraries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(home, join(parentPath, name)));
  const sizes = await Promise.all(
    ["bin/kc.sh", "lib/quarkus-run.jar", ...files.sort()].map(async (file) => {
      const { size } = await stat(join(home, file));
      return `${file} ${size}\n`;
    }),
  );
  return createHash("sha256").update(sizes.join("")).digest("hex");
}

async function download(
  home: string,
  variables: NodeJS.ProcessEnv,
  interrupted: AbortSignal | undefined,
): Promise<void> {
  const parent = join(cacheFolder, "unpacking");
  // a killed download leaves its folder
  await rm(parent, { recursive: true, force: true });
  await mkdir(parent, { recursive: true });
  await rm(home, { recursive: true, force: true });
  const isDownloaded = existsSync(zip);
  const needed = megabytes.unpacked + (isDownloaded ? 0 : megabytes.download);
  await needSpace(parent, needed, `Keycloak ${keycloakVersion}`);
  await using folder = await TemporaryFolder.create(parent);
  const action = isDownloaded ? "unpacking" : "downloading from Maven Central:";
  console.log(`${action} Keycloak ${keycloakVersion} …`);
  const first = await unpack(folder.path, variables, interrupted);
  if (first !== undefined) {
    console.log("the download failed; trying again from the beginning …");
    await rm(artifactFolder, { recursive: true, force: true });
    const second = await unpack(folder.path, variables, interrupted);
    if (second !== undefined) {
      throw new UnavailableError(`${second}${await fullDisk(folder.path)}\n${elsewhere}`);
    }
  }
  const unpacked = join(folder.path, `keycloak-${keycloakVersion}`);
  await chmod(join(unpacked, "bin/kc.sh"), 0o755);
  await writeFile(join(unpacked, contentsFile), await contentsOf(unpacked));
  await mkdir(dirname(home), { recursive: true });
  await rename(unpacked, home);
}

const elsewhere =
  "or unpack a Keycloak yourself and set its folder in KEYCLOAK_HOME, or set the address of a running one in KEYCLOAK_URL";

/** Downloads Keycloak if necessary, and unpacks it. @returns the reason of a failure */
async function unpack(
  folder: string,
  variables: NodeJS.ProcessEnv,
  interrupted: AbortSignal | undefined,
): Promise<string | undefined> {
  interrupted?.throwIfAborted();
  let shown = 0;
  const showProgress = async () => {
    const size = await downloaded();
    if (size > shown) console.log(`  ${size} of ${megabytes.download} MB`);
    shown = size;
  };
  const progress = setInterval(() => void showProgress(), 2_000);
  try {
    const { exitCode, code, all, shortMessage } = await execa(
      "mvn",
      [
        ...["--batch-mode", "--quiet", "--strict-checksums", `${dependencyPlugin}:unpack`],
        `-Dmaven.repo.local=${mavenRepository}`,
        `-Dartifact=${artifact}`,
        `-DoutputDirectory=${folder}`,
      ],
      {
        cwd: folder,
        env: variables,
        extendEnv: false,
        all: true,
        reject: false,
        ...(interrupted && { cancelSignal: interrupted }),
      },
    );
    interrupted?.throwIfAborted();
    if (code === "ENOENT") {
      throw new UnavailableError(
        `mvn, which downloads Keycloak, is not on PATH; install Maven, ${elsewhere}`,
      );
    }
    return exitCode === 0
      ? undefined
      : `Maven cannot download Keycloak ${keycloakVersion}:\n${all || shortMessage}`;
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
