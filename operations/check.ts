import {
  type CustomersFile,
  type DeclaredClients,
  readCustomers,
} from "../configuration/customers.ts";
import { todayFrom } from "../configuration/customers/today.ts";
import {
  environmentFile,
  environmentNames,
  loadEnvironment,
} from "../configuration/environment.ts";
import { fewShardsWarnings } from "../configuration/environment/few-shards.ts";
import { refuseUnusedSettings } from "../configuration/environment/unused-settings.ts";
import { InvalidFileError, type Problem } from "../configuration/yaml/problems.ts";
import { ExplainedError } from "../text/errors.ts";
import { declaredWithoutCustomers } from "./terraform/synthesis/declared.ts";

/** A file that is valid. */
export type ValidFile =
  | {
      readonly kind: "environment";
      readonly file: string;
      /** Keycloak's address with its base path. */
      readonly baseUrl: string;
      /** The type of the state backend. */
      readonly state: string;
      /** The number of stacks that customers are distributed to. */
      readonly shards: number;
      /** The path of the customers file, or of the folder with such files. */
      readonly customersFile: string;
      readonly warnings: readonly Problem[];
    }
  | ({
      readonly kind: "customers";
      readonly file: string;
    } & CustomersFile);

/** Result of a check. */
export interface Checked {
  readonly valid: readonly ValidFile[];
  /** One error per file that is not valid. The same mistake in `main.ts`, which makes every environment invalid, is one error. */
  readonly errors: readonly ExplainedError[];
}

/** Checks every environment, and every customers file that one of them names, by a trial synthesis. Nothing is deployed. */
export async function checkFiles(variables: NodeJS.ProcessEnv): Promise<Checked> {
  try {
    return await checkEach(variables);
  } catch (error) {
    return { valid: [], errors: [explained(error)] };
  }
}

async function checkEach(variables: NodeJS.ProcessEnv): Promise<Checked> {
  const files = new Map<string, DeclaredClients[]>();
  const environments = await Promise.allSettled(
    environmentNames().map((name) => checkEnvironment(name, variables, files)),
  );
  const customers = await Promise.allSettled(
    [...files].map(([file, declarations]) =>
      Promise.resolve(declarations).then((known) => checkCustomers(file, known, variables)),
    ),
  );
  const results = [...customers, ...environments];
  const valid = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  return {
    valid: valid.map((each) => withShardsWarnings(each, valid)),
    errors: distinct(
      results.flatMap((result) => (result.status === "rejected" ? [explained(result.reason)] : [])),
    ),
  };
}

async function checkEnvironment(
  name: string,
  variables: NodeJS.ProcessEnv,
  files: Map<string, DeclaredClients[]>,
): Promise<ValidFile> {
  const chosen = { ...variables, REALM_ENV: name };
  const environment = loadEnvironment(chosen);
  const { customers, baseUrl, state } = environment;
  const declaration = await declaredWithoutCustomers(chosen);
  refuseUnusedSettings(environment, declaration);
  const declared = { ...declaration, environmentFile: environmentFile(name) };
  files.set(customers, [...(files.get(customers) ?? []), declared]);
  return {
    ...{ kind: "environment", file: environmentFile(name), baseUrl, state: state.type },
    ...{ shards: environment.shards.count, customersFile: customers, warnings: [] },
  };
}

/** The number of an environment's customers is known after the file that it names is read. */
function withShardsWarnings(file: ValidFile, all: readonly ValidFile[]): ValidFile {
  if (file.kind === "customers") return file;
  const customers = all.flatMap((each) =>
    each.kind === "customers" && each.file === file.customersFile ? each.customers : [],
  );
  return { ...file, warnings: fewShardsWarnings(file.shards, customers.length) };
}

/** Checks a file against every environment that names it: they may allow other hosts for keys. */
function checkCustomers(
  file: string,
  declarations: readonly DeclaredClients[],
  variables: NodeJS.ProcessEnv,
): ValidFile {
  const today = todayFrom(variables);
  const problems = new Map<string, Problem>();
  let found: CustomersFile = { customers: [], lastDays: new Map(), warnings: [] };
  for (const declaration of declarations) {
    try {
      found = readCustomers(file, declaration, today);
    } catch (error) {
      if (!(error instanceof InvalidFileError)) throw error;
      for (const problem of error.problems) problems.set(JSON.stringify(problem), problem);
    }
  }
  if (problems.size > 0) throw new InvalidFileError(file, [...problems.values()]);
  return { kind: "customers", file, ...found };
}

function distinct(errors: readonly ExplainedError[]): ExplainedError[] {
  return [...new Map(errors.map((error) => [error.message, error])).values()];
}

function explained(error: unknown): ExplainedError {
  if (error instanceof ExplainedError) return error;
  throw error;
}
