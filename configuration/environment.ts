import { readdirSync } from "node:fs";
import { z } from "zod";
import type { StateBackend } from "../constructs/state-backend.ts";
import { didYouMean, listed } from "../text/did-you-mean.ts";
import { ExplainedError } from "../text/errors.ts";
import { stateSchema } from "./state.ts";
import { validate } from "./validate.ts";
import { readYamlFile } from "./yaml-file.ts";

const folder = "environments";

/** What differs between one Keycloak and another. */
export interface Environment {
  /** The name that REALM_ENV chose. */
  readonly name: string;
  /** Where Keycloak is: its address, and the path below which it answers. */
  readonly keycloak: { readonly url: string; readonly basePath: string };
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
}

const url = z
  .string()
  .refine(isServerUrl, {
    error: ({ input }) =>
      `${JSON.stringify(input)} is no server's address; write scheme, host and port, such as https://login.example.com, and a path in basePath`,
  })
  .transform((text) => new URL(text).origin)
  .meta({ examples: ["https://login.example.com"] });

const basePath = z.string().regex(/^(\/[A-Za-z0-9._~-]+)*$/, {
  error: ({ input }) =>
    `${JSON.stringify(input)} is no path; write it with a leading slash and none last, such as /auth`,
});

const uris = z.array(z.string());

const environmentSchema = z.strictObject({
  keycloak: z.strictObject({ url, basePath: basePath.default("") }),
  frontend: z.strictObject({
    redirectUris: uris,
    webOrigins: uris.exactOptional(),
    postLogoutRedirectUris: uris.exactOptional(),
  }),
  state: stateSchema,
  customers: z.string().min(1, { error: "is empty; name a file" }).default("customers.yaml"),
});

/**
 * The environment that REALM_ENV names (default `local`), from `environments/<name>.yaml`. KEYCLOAK_URL, KEYCLOAK_BASE_PATH and
 * CUSTOMERS_FILE stand in for what the file says, where they are set.
 *
 * @throws InvalidFileError with every problem of the file
 * @throws ExplainedError for an unknown name or a variable that makes no sense
 */
export function loadEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const name = variables.REALM_ENV || "local";
  const known = environmentNames();
  if (!known.includes(name)) {
    const hint = didYouMean(name, known) || `; there are ${listed(known) || "none"}`;
    throw new ExplainedError(2, `REALM_ENV: there is no ${folder}/${name}.yaml${hint}`);
  }
  const file = validate(readYamlFile(`${folder}/${name}.yaml`, "create it"), environmentSchema);
  return {
    ...file,
    name,
    keycloak: {
      url: fromVariable("KEYCLOAK_URL", url, variables) ?? file.keycloak.url,
      basePath: fromVariable("KEYCLOAK_BASE_PATH", basePath, variables) ?? file.keycloak.basePath,
    },
    customers: variables.CUSTOMERS_FILE || file.customers,
  };
}

/** The environments that there are, by name. */
export function environmentNames(): string[] {
  return readdirSync(folder)
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
  throw new ExplainedError(2, `${name}: ${result.error.issues[0]?.message ?? "makes no sense"}`);
}

function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === "/" && `${search}${hash}${username}` === "";
}
