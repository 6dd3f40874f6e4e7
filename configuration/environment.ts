import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { AuthenticationSettings } from "../constructs/authentication/authentication.ts";
import type { EventSettings } from "../constructs/realm/realm-settings.ts";
import type { CustomerShards } from "../constructs/shards/shards.ts";
import { serverUrlProblems } from "../constructs/realm/server-url.ts";
import type { StateBackend } from "../constructs/realm/state-backend.ts";
import { didYouMean, listed } from "../text/did-you-mean.ts";
import { UsageError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import { folderPath, isFolder } from "./customers/customers-folder.ts";
import { withErrorHints } from "./error-hints.ts";
import { frontendFields, type Frontends, frontendsIn } from "./environment/frontends.ts";
import { authenticationFields } from "./environment/authentication-settings.ts";
import { checkedText } from "./fields/plain-text.ts";
import { shardsField, shardsFrom } from "./environment/shards.ts";
import { stateBackendSchema } from "./environment/state-backend.ts";
import { fromVariable } from "./environment/from-variable.ts";
import { validate } from "./validate.ts";
import { wholeNumber } from "./fields/whole-number.ts";
import { readYaml } from "./yaml/yaml.ts";

const folder = "environments";

/** Settings that differ between one Keycloak and another: the values of an environment file. */
export interface Environment extends Frontends {
  /** The name of the environment, which REALM_ENV chooses. */
  readonly name: string;
  /** Keycloak's address, and the path below which it answers. */
  readonly keycloak: { readonly url: string; readonly basePath: string };
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  /** The state backend, in which terraform keeps its state. */
  readonly state: StateBackend;
  /** The stacks that customers are distributed to. */
  readonly shards: CustomerShards;
  /** The path of the customers file, or of the folder with such files, which has a slash at its end. */
  readonly customers: string;
  /** Limits of removals, suspensions and lost access without an explicit override. */
  readonly limits: Limits;
  /** The events that Keycloak stores. */
  readonly events: EventSettings;
  /** The settings of authentication that all customers share. */
  readonly authentication: AuthenticationSettings;
}

/**
 * Limits of the number of customers that a change may remove, suspend or take access from at once, and of the roles and groups that it may take
 * access from. One of them never exceeds the limits.
 */
export interface Limits {
  /**
   * The number of customers, roles and groups.
   * @default 5
   */
  readonly customers: number;
  /**
   * The percentage of the customers before the change, and of the roles and groups.
   * @default 30
   */
  readonly percent: number;
}

const url = checkedText(serverUrlProblems)
  .meta({ examples: ["https://login.example.com"] })
  .transform((text) => new URL(text).origin);

const basePath = z.string().regex(/^(\/[A-Za-z0-9._~-]+)*$/, {
  error: ({ input }) =>
    `${quoted(input)} is not a base path; write it with a leading slash and no trailing one, such as /auth`,
});

const limits = z.strictObject({
  customers: wholeNumber("a whole number, 0 or more").default(5),
  percent: wholeNumber("a whole number from 0 to 100", { max: 100 }).default(30),
});

const events = z.strictObject({
  retentionDays: wholeNumber("a whole number of days, from 1 to 3650", {
    min: 1,
    max: 3_650,
  }).default(7),
});

/** The limits of an environment that sets none. */
export const defaultLimits: Limits = limits.parse({});

const fields = z.strictObject({
  keycloak: withErrorHints(z.strictObject({ url, basePath: basePath.default("") }), {
    example: "{url: https://login.example.com}",
  }),
  ...frontendFields,
  state: stateBackendSchema,
  shards: shardsField,
  customers: z.string().min(1, { error: "is empty; name a file" }).default("customers.yaml"),
  limits: limits.prefault({}),
  events: events.prefault({}),
  ...authenticationFields,
});

const environmentSchema = fields.refine(
  ({ frontend, frontends }) => frontend === undefined || frontends === undefined,
  { path: ["frontends"], error: "cannot be combined with frontend; move that one into frontends" },
);

/**
 * Loads the environment that REALM_ENV names (default `local`) from `environments/<name>.yaml`. KEYCLOAK_URL, KEYCLOAK_BASE_PATH,
 * SHARDS and CUSTOMERS_FILE override the values of the file if they are set and not empty.
 *
 * @param root the project's folder, by default the current folder
 * @throws InvalidFileError with every problem in the file
 * @throws UsageError if the environment is unknown or a variable is not valid
 */
export function loadEnvironment(variables: NodeJS.ProcessEnv, root = ""): Environment {
  const name = environmentName(variables);
  const known = environmentNames(root);
  if (!known.includes(name)) {
    const hint = didYouMean(name, known) || `; ${folder}/ has ${listed(known) || "none"}`;
    throw new UsageError(`REALM_ENV: unknown environment ${quoted(name)}${hint}`);
  }
  const yaml = readYaml(join(root, environmentFile(name)), { missingFileFix: "create it" });
  const file = validate(yaml, environmentSchema);
  const keycloak = {
    url: fromVariable("KEYCLOAK_URL", url, variables) ?? file.keycloak.url,
    basePath: fromVariable("KEYCLOAK_BASE_PATH", basePath, variables) ?? file.keycloak.basePath,
  };
  const { state, limits, events, secretPrefix, allowedJwksHosts, rotationOverlap } = file;
  const authentication = {
    ...(secretPrefix !== undefined && { secretPrefix }),
    ...(allowedJwksHosts !== undefined && { allowedJwksHosts }),
    ...(rotationOverlap !== undefined && { rotationOverlap }),
  };
  // assigned to the frontends, not the reverse: an environment may have none, as long as main.ts asks for none
  return Object.assign(frontendsIn(yaml, file), {
    ...{ name, keycloak, state, limits, events, authentication },
    shards: shardsFrom(variables, file.shards),
    baseUrl: keycloak.url + keycloak.basePath,
    customers: customersPath(variables.CUSTOMERS_FILE || file.customers, root),
  });
}

/** Name of the environment that REALM_ENV chooses, `local` by default. Its file may not exist. */
export function environmentName(variables: NodeJS.ProcessEnv): string {
  return variables.REALM_ENV || "local";
}

/** Path of an environment file, relative to the project's folder. */
export function environmentFile(name: string): string {
  return `${folder}/${name}.yaml`;
}

/**
 * Names of the environments, in alphabetical order.
 *
 * @throws UsageError if the project's folder has no folder `environments`
 */
export function environmentNames(root = ""): string[] {
  if (!existsSync(join(root, folder)))
    throw new UsageError(`there is no folder ${folder}/ here; run this in the project's folder`);
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

function customersPath(path: string, root: string): string {
  return isFolder(resolve(root, path)) ? folderPath(path) : path;
}
