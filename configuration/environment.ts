import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { originProblems, redirectUriProblems } from "../constructs/redirect-uri.ts";
import type { StateBackend } from "../constructs/state-backend.ts";
import { didYouMean, listed } from "../text/did-you-mean.ts";
import { UsageError } from "../text/errors.ts";
import { quoted } from "../text/quoted.ts";
import { templateProblems } from "../text/template.ts";
import { stateSchema } from "./state.ts";
import { validate } from "./validate.ts";
import { inWords } from "./words.ts";
import { readYaml } from "./yaml/yaml.ts";

const folder = "environments";

/** What differs between one Keycloak and another. */
export interface Environment {
  /** The name that REALM_ENV chose. */
  readonly name: string;
  /** Where Keycloak is: its address, and the path below which it answers. */
  readonly keycloak: { readonly url: string; readonly basePath: string };
  /** Keycloak's address with its base path. */
  readonly baseUrl: string;
  /** The frontend's addresses. */
  readonly frontend: {
    readonly redirectUris: readonly string[];
    readonly webOrigins?: readonly string[];
    readonly postLogoutRedirectUris?: readonly string[];
  };
  /** Where terraform keeps its state. */
  readonly state: StateBackend;
  /** The file with the customers. */
  readonly customers: string;
  /** How much may be taken away at once without being asked for in so many words. */
  readonly limits: Limits;
}

/** How many customers a change may remove or suspend at once; one alone is never too many. */
export interface Limits {
  /** So many customers. */
  readonly customers: number;
  /** So many per cent of the customers that there were. */
  readonly percent: number;
}

const url = checkedText(serverUrlProblems)
  .meta({ examples: ["https://login.example.com"] })
  .transform((text) => new URL(text).origin);

const basePath = z.string().regex(/^(\/[A-Za-z0-9._~-]+)*$/, {
  error: ({ input }) =>
    `${quoted(input)} is no path; write it with a leading slash and none last, such as /auth`,
});

const redirectUris = z.array(checkedText((uri) => redirectUriProblems("redirect URI", uri)));

const frontend = z.strictObject({
  redirectUris: inWords(redirectUris.min(1, { error: "is empty; name at least one" }), {
    example: "[https://app.example.com/]",
  }),
  webOrigins: z.array(checkedText(originProblems)).exactOptional(),
  postLogoutRedirectUris: redirectUris.exactOptional(),
});

const wholeNumber = { error: "must be a whole number, 0 or more" };
const percentage = { error: "must be a whole number from 0 to 100" };

const limits = z.strictObject({
  customers: z.int(wholeNumber).min(0, wholeNumber).default(5),
  percent: z.int(percentage).min(0, percentage).max(100, percentage).default(30),
});

const environmentSchema = z.strictObject({
  keycloak: inWords(z.strictObject({ url, basePath: basePath.default("") }), {
    example: "{url: https://login.example.com}",
  }),
  frontend: inWords(frontend, { example: "{redirectUris: [https://app.example.com/]}" }),
  state: stateSchema,
  customers: z.string().min(1, { error: "is empty; name a file" }).default("customers.yaml"),
  limits: limits.prefault({}),
});

/**
 * The environment that REALM_ENV names (default `local`), from `environments/<name>.yaml`. KEYCLOAK_URL, KEYCLOAK_BASE_PATH and
 * CUSTOMERS_FILE stand in for what the file says, where they are set.
 *
 * @param root the project's folder
 * @throws InvalidFileError with every problem of the file
 * @throws UsageError for an unknown name or a variable that makes no sense
 */
export function loadEnvironment(variables: NodeJS.ProcessEnv, root = ""): Environment {
  const name = environmentName(variables);
  const known = environmentNames(root);
  if (!known.includes(name)) {
    const hint = didYouMean(name, known) || `; ${folder}/ has ${listed(known) || "none"}`;
    throw new UsageError(`REALM_ENV: unknown environment ${quoted(name)}${hint}`);
  }
  const file = validate(
    readYaml(join(root, environmentFile(name)), { hint: "create it" }),
    environmentSchema,
  );
  const keycloak = {
    url: fromVariable("KEYCLOAK_URL", url, variables) ?? file.keycloak.url,
    basePath: fromVariable("KEYCLOAK_BASE_PATH", basePath, variables) ?? file.keycloak.basePath,
  };
  return {
    ...file,
    name,
    keycloak,
    baseUrl: keycloak.url + keycloak.basePath,
    customers: variables.CUSTOMERS_FILE || file.customers,
  };
}

/** The environment that REALM_ENV names, be there such a file or not. */
export function environmentName(variables: NodeJS.ProcessEnv): string {
  return variables.REALM_ENV || "local";
}

/** Where an environment stands in the project's folder. */
export function environmentFile(name: string): string {
  return `${folder}/${name}.yaml`;
}

/** The environments that there are, by name. */
export function environmentNames(root = ""): string[] {
  if (!existsSync(join(root, folder)))
    throw new UsageError(`there is no folder ${folder} here; run this in the project's folder`);
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

function fromVariable(
  name: string,
  schema: z.ZodType<string>,
  variables: NodeJS.ProcessEnv,
): string | undefined {
  const value = variables[name];
  if (!value) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(`${name}: ${result.error.issues[0]?.message ?? "makes no sense"}`);
}

function checkedText(problems: (text: string) => readonly string[]) {
  return z.string().superRefine((text, context) => {
    for (const message of problems(text)) context.addIssue({ code: "custom", message });
  });
}

function serverUrlProblems(text: string): string[] {
  const template = templateProblems("the address", text);
  if (template.length > 0) return template;
  if (!/^https?:/i.test(text) || !URL.canParse(text))
    return [
      `${quoted(text)} is no web address; write scheme, host and port, such as https://login.example.com`,
    ];
  const { origin, pathname, search, hash, username, password } = new URL(text);
  if (`${username}${password}` !== "")
    return [`holds a user's name or password; write ${origin} without it`];
  if (`${search}${hash}` !== "" || pathname !== "/")
    return [
      `${quoted(text)} is more than a server's address; write ${origin}, and the path as base path`,
    ];
  return [];
}
