/** Starts two Keycloaks, one per base path, runs the end-to-end tests with them, and ends everything that was started. */
import { chmod, constants, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { hasExamples } from "../../local/demo/settings.ts";
import { findKeycloak } from "../../local/keycloak/distribution.ts";
import { adminClient } from "../../operations/keycloak/login/admin.ts";
import { freePort } from "../../system/ports.ts";
import { endProcessGroup } from "../../system/programs/process-groups.ts";
import { startKeycloak } from "../../local/keycloak/server.ts";
import { needProgram } from "../../system/programs/programs.ts";
import {
  needTerraform,
  terraformCommand,
  terraformName,
} from "../../operations/terraform/program.ts";
import { officialProvider } from "../../operations/terraform/provider/provider.ts";
import { terraformVariables } from "../../operations/terraform/terraform.ts";
import { endWith, UnavailableError } from "../../text/errors.ts";
import { Authority } from "./support/servers/certificates.ts";
import { type EndToEnd, keyHost, type Server } from "./support/end-to-end.ts";
import { endProcessesIn } from "./support/processes.ts";
import { preparePython } from "./support/python.ts";
import { administrator as administratorOf } from "./support/projects/workbench.ts";

const { values, positionals } = parseArgs({
  options: {
    official: { type: "boolean", default: false },
    testNamePattern: { type: "string", short: "t" },
  },
  allowPositionals: true,
});
const interruption = new AbortController();
const interrupt = () => {
  interruption.abort();
};
process.on("SIGINT", interrupt).on("SIGTERM", interrupt);

// every user can read it, because PostgreSQL runs as its own user if root runs the tests
const folder = await mkdtemp(join(tmpdir(), "e2e-"));
await chmod(folder, 0o755);
let failure: unknown;
try {
  process.exitCode = await run();
} catch (error) {
  failure = error;
} finally {
  // the two Keycloaks, and the processes of tests that fail or are interrupted
  await endProcessesIn(folder);
  await rm(folder, { recursive: true, force: true });
}
if (failure !== undefined) endWith(failure);

async function run(): Promise<number> {
  const { env } = process;
  if (!hasExamples)
    console.log("NOT RUN: the tests of the examples and the demo, because examples/ is deleted");
  const program = await needTerraform(env);
  // the tests and all commands that they run use the same one
  env.TERRAFORM_BINARY_NAME = terraformCommand(env);
  console.log(`the tests run ${program} (${env.TERRAFORM_BINARY_NAME})`);
  const otherProgram = await otherThan(program);
  if (otherProgram === undefined)
    console.log("NOT RUN: changes between Terraform and OpenTofu, because only one is installed");
  await needProgram("java", env);
  await needProgram("python3", env);
  const official = await officialProvider(terraformVariables(env)).then(
    () => true,
    () => false,
  );
  if (!official && values.official) {
    throw new UnavailableError(
      `${terraformName(env)} init cannot get the official provider here; put it into one of its mirror folders`,
    );
  }
  console.log(
    official
      ? "plans and deploys run on the embedded and on the official provider, simulated faults only on the official one"
      : `all tests run on the embedded provider; NOT RUN: the official provider, because ${terraformName(env)} init cannot get it here`,
  );
  await preparePython(env);
  const authorityFolder = join(folder, "authority");
  await mkdir(authorityFolder);
  const authority = await Authority.create(authorityFolder, "Authority of the tests");
  const certificate = await authority.issue("server", "/CN=localhost");
  const [tlsPort, keyProxyPort] = [await freePort(), await freePort()];
  // one after the other: the second uses the download of the first
  const homes = { root: await findKeycloak("", env), auth: await findKeycloak("/auth", env) };
  const [root, auth] = await Promise.all([
    startServer("root", homes.root, "", {
      KC_HTTPS_PORT: String(tlsPort),
      KC_HTTPS_CERTIFICATE_FILE: certificate.certificate,
      KC_HTTPS_CERTIFICATE_KEY_FILE: certificate.key,
      KC_HTTPS_CLIENT_AUTH: "request",
      KC_TRUSTSTORE_PATHS: authority.certificate,
      KC_SPI_CONNECTIONS_HTTP_CLIENT__DEFAULT__PROXY_MAPPINGS: `${keyHost};http://localhost:${keyProxyPort}`,
    }),
    startServer("auth", homes.auth, "/auth", { KC_FEATURES: "client-secret-rotation" }),
  ]);
  const tls = { tlsUrl: `https://localhost:${tlsPort}`, authorityFolder, keyProxyPort };
  const endToEnd: EndToEnd = {
    root: { ...root, ...tls },
    auth,
    official,
    ...(otherProgram && { otherProgram }),
  };
  const jest = execa(
    process.execPath,
    [
      ...["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
      ...["node_modules/jest/bin/jest.js", "--selectProjects", "e2e", "--maxWorkers=4"],
      ...(values.testNamePattern === undefined ? [] : ["-t", values.testNamePattern]),
      ...positionals,
    ],
    {
      env: {
        ...{ END_TO_END: JSON.stringify(endToEnd), TMPDIR: folder },
        // the tests choose their own environments and customers
        ...{ REALM_ENV: "", CUSTOMERS_FILE: "" },
        // Keycloak's first answers on a busy machine take longer than the default, and that is no fault to test
        KEYCLOAK_CLIENT_TIMEOUT: env.KEYCLOAK_CLIENT_TIMEOUT ?? "60",
      },
      stdio: "inherit",
      reject: false,
      // in its own process group: its workers and their processes continue if only Jest itself is ended
      detached: true,
    },
  );
  interruption.signal.addEventListener("abort", () => void endProcessGroup(jest.pid ?? 0));
  const { exitCode } = await jest;
  return exitCode ?? 1;
}

/** The command of the product that does not run here, if it is installed: OpenTofu instead of Terraform, or the reverse. */
async function otherThan(program: string): Promise<string | undefined> {
  const product = (found: string) => found.split(" ")[0];
  for (const TERRAFORM_BINARY_NAME of ["terraform", "tofu"]) {
    const found = await needTerraform({ ...process.env, TERRAFORM_BINARY_NAME }).catch(
      () => program,
    );
    if (product(found) !== product(program)) return TERRAFORM_BINARY_NAME;
  }
  return undefined;
}

/** @param keycloakOptions Keycloak's options as environment variables (https://www.keycloak.org/server/all-config) */
async function startServer(
  name: string,
  original: string,
  basePath: string,
  keycloakOptions: NodeJS.ProcessEnv,
): Promise<Server> {
  // Keycloak builds its options into its own folder, and the original is for npm start
  const home = join(folder, `${name}-home`);
  await cp(original, home, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const data = join(folder, name);
  await mkdir(data);
  const administrator = { username: "admin", password: "admin" };
  const { url } = await startKeycloak(
    {
      ...{ home, folder: data, port: await freePort(), basePath, administrator, isBusy: true },
      variables: { ...process.env, ...keycloakOptions },
    },
    interruption.signal,
  );
  const server = { url, basePath, administrator };
  const admin = await adminClient(administratorOf(server));
  // the tests log in a thousand times, and nobody attacks this password
  const passwordPolicy = "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)";
  await admin.realms.update({ realm: "master" }, { passwordPolicy });
  return server;
}
