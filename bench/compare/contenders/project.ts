import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { Clone } from "../../../__tests__/e2e/support/projects/clone.ts";
import type { Command } from "../measure/command.ts";
import type { Work } from "../work.ts";
import type { Contender, ContenderKind, Place } from "./contender.ts";

const declaration = join(import.meta.dirname, "../project");
const environment = "environments/production.yaml";

const oneStackScripts: Partial<Record<Work, readonly string[]>> = {
  "first deploy": ["deploy", "--auto-approve"],
  "nothing to do": ["plan"],
  "add one": ["deploy", "--auto-approve"],
  "change one permission": ["deploy", "--auto-approve"],
  verify: ["verify"],
  drift: ["drift"],
  review: ["review", "--base", "HEAD~1"],
};

const shardsScripts: typeof oneStackScripts = {
  ...oneStackScripts,
  "add one": ["deploy", "--base", "HEAD~1", "--auto-approve"],
  "nothing to do, shards of one change": ["plan", "--base", "HEAD~1"],
  "change one permission": ["deploy", "--base", "HEAD~1", "--auto-approve"],
};

/** This project with one stack. */
export const oneStack: ContenderKind = {
  name: "one stack",
  isPeer: false,
  prepare: (place) => prepareProject(place, oneStackScripts),
};

/**
 * This project with shards.
 *
 * @param customersPerShard the average number of customers in each shard
 */
export function shards(customersPerShard: number): ContenderKind {
  return {
    name: "shards",
    isPeer: false,
    prepare: (place) =>
      prepareProject(
        place,
        shardsScripts,
        `shards: ${Math.ceil(place.size / customersPerShard)}\n`,
      ),
  };
}

/** @param setting a further line of the environment's file */
async function prepareProject(
  { keycloak, realm, provider }: Place,
  scripts: Partial<Record<Work, readonly string[]>>,
  setting = "",
): Promise<Contender> {
  const clone = await Clone.create(provider, {}, realm);
  const { folder } = clone;
  await rm(join(folder, "environments"), { recursive: true });
  await cp(declaration, folder, { recursive: true });
  const main = await readFile(join(declaration, "main.ts"), "utf8");
  const renamed = main
    .replaceAll('"../../../', '"./')
    .replace('realm: "bench"', `realm: "${realm}"`);
  await writeFile(join(folder, "main.ts"), renamed);
  await clone.edit(environment, (text) => text + setting);
  await clone.git("init", "--quiet", "--initial-branch=main");
  const variables = {
    ...keycloak.variables,
    ...{ ATLAS_PROVIDER: provider, REALM_ENV: "production" },
    ...{ XDG_STATE_HOME: clone.stateFolder, TMPDIR: clone.temporaryFolder },
  };
  return {
    realm,
    async declare(customers) {
      const text = stringify({ customers }, { aliasDuplicateObjects: false });
      await writeFile(join(folder, "customers.yaml"), text);
      await clone.git("add", "--all");
      const author = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com"];
      await clone.git(...author, "commit", "--quiet", "--message", "change customers");
      // a plan that is saved would be applied instead
      await rm(join(folder, "cdktf.out/plan"), { recursive: true, force: true });
    },
    command(work): Command | undefined {
      const [script, ...options] = scripts[work] ?? [];
      if (script === undefined) return undefined;
      const args = ["run", "--silent", script, "--", ...options];
      return { program: "npm", args, folder, variables };
    },
    [Symbol.asyncDispose]: () => clone.remove(),
  };
}
