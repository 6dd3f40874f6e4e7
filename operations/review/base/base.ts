import { join } from "node:path";
import {
  type Environment,
  environmentFile,
  loadEnvironment,
} from "../../../configuration/environment.ts";
import { TemporaryFolder } from "../../../system/temporary-folder.ts";
import { ExplainedError, InvalidDeclarationError } from "../../../text/errors.ts";
import { synthesize, type Synthesis } from "../../terraform/synthesis/synthesize.ts";
import { type BaseProject, extract, needAtBase } from "./base-project.ts";
import { changedFiles, filesThatReview } from "./changes.ts";
import { environmentText } from "./deployment.ts";
import { type Base, baseText } from "./git/git.ts";
import { committedFiles } from "./git/git-files.ts";
import { type DeclarationAtBase, withOwnCode } from "./own-code.ts";
import { isOnlyKey, keyFilesIn } from "./key-files.ts";
import { environmentAtBase, folderAtBase, folderName } from "./pairing.ts";
import { customersSources, environmentSource, mainSource, type Source } from "./sources.ts";
import type { WorkTree } from "./git/work-tree.ts";

/** Declaration and environment of a base. */
export interface BaseDeclaration {
  /** Undefined if the base does not have the project or the environment yet: then everything is new. */
  readonly synthesis: Synthesis | undefined;
  /** The base's environment; undefined if it has none that the current code can read. */
  readonly environment: Environment | undefined;
  readonly comparedWith: ComparedWith;
  /** The changed files that decide how the change is reviewed; see {@link filesThatReview}. */
  readonly editsReview: readonly string[];
}

/** What the base has instead, each only if its name differs. */
export interface ComparedWith {
  /** The name of the environment that was renamed or copied. */
  readonly environment?: string;
  /** The folder of the project that was moved or copied, from the top of the repository, which is `.`. */
  readonly folder?: string;
}

/** What is reviewed. */
export interface Reviewed {
  readonly environment: Environment;
  readonly tree: WorkTree;
  /** What it declares. */
  readonly head: Synthesis | Promise<Synthesis>;
}

/**
 * Synthesizes the declaration of a base. If nothing but data differs, the current code reads the base's files. Otherwise the base's own
 * code does, in a Git work tree of its own. Nothing is left behind.
 *
 * @throws UsageError if the base's files cannot be paired, or are not regular files in Git
 * @throws ExplainedError if the base's files are not valid, or its code cannot run
 */
export async function declaredAt(
  base: Base,
  reviewed: Reviewed,
  variables: NodeJS.ProcessEnv,
): Promise<BaseDeclaration> {
  const found = await declaredInPlace(base, reviewed, variables, true);
  if (!found.isCopy) return found;
  // the same Keycloak may have a realm per environment
  const { declaration } = await reviewed.head;
  const isOther = found.synthesis?.declaration.realm !== declaration.realm;
  return isOther ? declaredInPlace(base, reviewed, variables, false) : found;
}

async function declaredInPlace(
  base: Base,
  { environment, tree }: Reviewed,
  variables: NodeJS.ProcessEnv,
  copiesCount: boolean,
): Promise<BaseDeclaration & { readonly isCopy?: boolean }> {
  const { folder } = tree;
  const files = await committedFiles(base, folder);
  const place = await folderAtBase(base, files, tree, environment.name, copiesCount);
  if (!place) return everythingIsNew;
  const prefix = place.name;
  const project: BaseProject = { base, files, prefix, folder };
  const changed = await changedFiles(base, prefix, tree);
  const customersToday = tree.customersFiles.map(({ file }) => file);
  const paired = await environmentAtBase(project, tree, environment.name, copiesCount);
  if (!paired) return { ...everythingIsNew, editsReview: filesThatReview(changed, customersToday) };
  const { name } = paired;
  await using temporary = await TemporaryFolder.create();
  const chosen = { ...variables, REALM_ENV: name };
  const before = await readEnvironment(project, name, chosen, join(temporary.path, "files"));
  const named = [...tree.keyFiles, ...before.keyFiles].map(({ file }) => file);
  const keyFiles = named.filter(isOnlyKey);
  const customers = [...customersToday, ...before.customers, ...keyFiles];
  // the files that each side has its own version of; any other file may decide how a declaration is made
  const data = new Set([...customers, environmentFile(name), environmentFile(environment.name)]);
  const hasOwnCode = prefix !== tree.prefix || changed.some((file) => !data.has(file));
  const task = { ...before, project, variables: chosen, temporary: temporary.path, changed };
  try {
    return {
      synthesis: await (hasOwnCode ? withOwnCode(task) : withCurrentCode(task)),
      isCopy: place.isCopy || paired.isCopy,
      environment: before.environment,
      comparedWith: {
        ...(name !== environment.name && { environment: name }),
        ...(prefix !== tree.prefix && { folder: folderName(prefix) }),
      },
      editsReview: filesThatReview(changed, customers),
    };
  } catch (error) {
    throw explainedFor(base, error);
  }
}

const everythingIsNew: BaseDeclaration = {
  synthesis: undefined,
  environment: undefined,
  comparedWith: {},
  editsReview: [],
};

/** The environment of a base, if the current code can read it, and its customers' files. */
interface EnvironmentAtBase {
  /** The folder that the environment's file was written to. */
  readonly files: string;
  readonly environment: Environment | undefined;
  readonly customers: readonly string[];
  /** The files with public keys that those name. */
  readonly keyFiles: readonly Source[];
}

async function readEnvironment(
  project: BaseProject,
  name: string,
  variables: NodeJS.ProcessEnv,
  files: string,
): Promise<EnvironmentAtBase> {
  needAtBase(mainSource, project);
  const [text = ""] = await extract([environmentSource(name)], project, files);
  const environment = readable(variables, files);
  const { customers } = environmentText(text);
  const inText = typeof customers === "string" ? customers : undefined;
  const named = environment?.customers ?? (variables.CUSTOMERS_FILE || inText);
  const sources = customersSources(named ?? "customers.yaml", (path) => namesIn(path, project));
  const found = { files, environment, customers: sources.map(({ file }) => file) };
  // if today's code cannot read the environment, only the base's own code knows its default
  if (named === undefined && !sources.some(({ file }) => project.files.has(project.prefix + file)))
    return { ...found, keyFiles: [] };
  for (const source of sources)
    needAtBase(source, project, variables.CUSTOMERS_FILE ? withoutVariable : undefined);
  const keyFiles = keyFilesIn(await extract(sources, project, files));
  await extract(keyFiles, project, files);
  return { ...found, keyFiles };
}

/** The names of the files that a folder has at the base, below it too. */
function namesIn(folder: string, { files, prefix }: BaseProject): string[] {
  const start = `${prefix}${folder}/`;
  return [...files.keys()].flatMap((path) =>
    path.startsWith(start) ? [path.slice(start.length)] : [],
  );
}

const withoutVariable =
  "name the file in the environment instead of CUSTOMERS_FILE, so that each side has its own";

function readable(variables: NodeJS.ProcessEnv, files: string): Environment | undefined {
  try {
    return loadEnvironment(variables, files);
  } catch {
    return undefined;
  }
}

async function withCurrentCode({
  project,
  variables,
  temporary,
  files,
  environment,
}: DeclarationAtBase & EnvironmentAtBase): Promise<Synthesis> {
  // the base has the same code, so this reports the problems of its environment
  if (!environment) loadEnvironment(variables, files);
  return synthesize(join(temporary, "out"), variables, { folder: files, code: project.folder });
}

function explainedFor(base: Base, error: unknown): unknown {
  if (!(error instanceof ExplainedError) || error.code === "usage" || error.code === "unavailable")
    return error;
  return new InvalidDeclarationError(
    `cannot review against ${baseText(base)}; fix it there, or name another commit with --base:\n${error.message}`,
  );
}
