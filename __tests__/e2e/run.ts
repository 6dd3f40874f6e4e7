/** Boots a Keycloak per base path, runs the end-to-end tests against them, and ends everything that was started. */
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { findKeycloak } from "../../local/keycloak/distribution.ts";
import { freePort } from "../../local/port.ts";
import { endProcessGroup } from "../../local/processes.ts";
import { startKeycloak } from "../../local/keycloak/server.ts";
import { needProgram } from "../../local/programs.ts";
import { officialProvider } from "../../local/provider-choice.ts";
import { terraformVariables } from "../../terraform/terraform.ts";
import { endWith, ExplainedError } from "../../text/errors.ts";
import type { EndToEnd } from "./support/end-to-end.ts";
import { preparePython } from "./support/python.ts";

const { values, positionals } = parseArgs({
  options: { official: { type: "boolean", default: false } },
  allowPositionals: true,
});
const interruption = new AbortController();
const interrupt = () => {
  interruption.abort();
};
process.on("SIGINT", interrupt).on("SIGTERM", interrupt);

// others may look into it: PostgreSQL runs as a user of its own where root runs the tests
const folder = await mkdtemp(join(tmpdir(), "e2e-"));
await chmod(folder, 0o755);
let failure: unknown;
try {
  process.exitCode = await run();
} catch (error) {
  failure = error;
} finally {
  await endAllBelow(folder);
  await rm(folder, { recursive: true, force: true });
}
if (failure !== undefined) endWith(failure);

/** Ends what was started on a folder: the two Keycloaks, and what tests leave behind that fail or are interrupted. */
async function endAllBelow(place: string): Promise<void> {
  const { stdout } = await execa("ps", ["-eww", "-o", "pid=,pgid=,args="]);
  const all = stdout.split("\n").map((line) => {
    const [pid, group] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, group: group ?? 0, isBelow: line.includes(place) };
  });
  const own = all.find(({ pid }) => pid === process.pid)?.group;
  const below = all.filter(({ isBelow }) => isBelow);
  // those of our own group one by one: a signal to the group would reach this process too
  const alone = below.filter(({ group }) => group === own).map(({ pid }) => String(pid));
  if (alone.length > 0) await execa("kill", ["-KILL", ...alone], { reject: false });
  const groups = new Set(below.map(({ group }) => group).filter((group) => group !== own));
  await Promise.all([...groups].map(endProcessGroup));
}

async function run(): Promise<number> {
  const { env } = process;
  await needProgram("terraform", env);
  await needProgram("java", env);
  await needProgram("python3", env);
  const official = (await officialProvider(terraformVariables(env))) !== undefined;
  if (!official && values.official) {
    throw new ExplainedError(
      3,
      "terraform init cannot get the official provider here; put it into one of Terraform's mirror folders",
    );
  }
  console.log(
    official
      ? "what plans and deploys runs on the embedded provider and on the official one, what fails on the way on the official one alone"
      : "every case runs on the embedded provider; NOT RUN: the official provider, because terraform init cannot get it here",
  );
  await preparePython();
  // one after the other: the second takes what the first has downloaded
  const homes = { root: await findKeycloak("", env), auth: await findKeycloak("/auth", env) };
  const [root, auth] = await Promise.all([
    boot(homes.root, "", "root"),
    boot(homes.auth, "/auth", "auth"),
  ]);
  const endToEnd: EndToEnd = { root, auth, official };
  const { exitCode } = await execa(
    process.execPath,
    [
      ...["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
      ...[
        "node_modules/jest/bin/jest.js",
        "--selectProjects",
        "e2e",
        // one more than the cores that are asked for: some cases wait
        "--maxWorkers=3",
        ...positionals,
      ],
    ],
    {
      env: { END_TO_END: JSON.stringify(endToEnd), TMPDIR: folder },
      stdio: "inherit",
      reject: false,
      cancelSignal: interruption.signal,
    },
  );
  return exitCode ?? 1;
}

async function boot(home: string, basePath: string, name: string): Promise<EndToEnd["root"]> {
  const data = join(folder, name);
  await mkdir(data);
  const port = await freePort();
  const administrator = { username: "admin", password: "admin" };
  const options = { home, folder: data, port, basePath, administrator };
  const { url } = await startKeycloak(options, interruption.signal);
  return { url, basePath, administrator };
}
