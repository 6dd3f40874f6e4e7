/** Arguments of a resource. */
type Values = Readonly<Record<string, unknown>>;

/** Resource of a stack's JSON. */
export interface Resource {
  /** Terraform's address: `keycloak_openid_client.atlas-api_2377EE78`. */
  readonly address: string;
  readonly values: Values;
}

/**
 * The `cdk.tf.json` of a stack, as Terraform reads it. The tests read it without the project's own code, so that a mistake there cannot
 * hide itself.
 */
export interface SynthesizedJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/** The resources of a type. */
export function resources(json: SynthesizedJson, type: string): Resource[] {
  return Object.entries(json.resource?.[type] ?? {}).map(([name, values]) => ({
    address: `${type}.${name}`,
    values,
  }));
}

/** The resources of all stacks. No two have the same address. */
export function joined(stacks: readonly SynthesizedJson[]): SynthesizedJson {
  const joint: Record<string, Record<string, Values>> = {};
  for (const { resource = {} } of stacks)
    for (const [type, all] of Object.entries(resource)) Object.assign((joint[type] ??= {}), all);
  return { resource: joint };
}

/** The client with a client id. */
export function clientWithId(id: string, json: SynthesizedJson): Resource | undefined {
  return resources(json, "keycloak_openid_client").find(({ values }) => values.client_id === id);
}

/** The client scope with a name. */
export function scopeWithName(name: string, json: SynthesizedJson): Resource | undefined {
  return resources(json, "keycloak_openid_client_scope").find(({ values }) => values.name === name);
}

/** Whether Terraform refuses to destroy a resource. */
export function isProtected(resource: Resource | undefined): boolean {
  const { lifecycle } = resource?.values ?? {};
  return (lifecycle as Values | undefined)?.prevent_destroy === true;
}

/**
 * The client scopes of each client in alphabetical order. `audience of <API>` is one that adds the API to `aud`, and `optional: <scope>`
 * one that a token has only if it is asked for.
 */
export function scopesByClient(json: SynthesizedJson): ReadonlyMap<string, readonly string[]> {
  const clients = idsByReference(json);
  const names = scopeNames(json, clients);
  const found = new Map<string, string[]>([...clients.values()].map((id) => [id, []]));
  for (const kind of ["default", "optional"])
    for (const { values } of resources(json, `keycloak_openid_client_${kind}_scopes`)) {
      const scopes = (values[`${kind}_scopes`] as string[]).map(
        (scope) => names.get(scope) ?? scope,
      );
      const own = kind === "default" ? scopes : scopes.map((name) => `optional: ${name}`);
      found.get(clients.get(values.client_id) ?? "")?.push(...own);
    }
  return new Map([...found].map(([id, scopes]) => [id, scopes.sort()]));
}

/** The id of each client, by the references to it. */
function idsByReference(json: SynthesizedJson): ReadonlyMap<unknown, string> {
  return new Map(
    resources(json, "keycloak_openid_client").flatMap(({ address, values }) =>
      ["id", "client_id"].map((name) => [`\${${address}.${name}}`, String(values.client_id)]),
    ),
  );
}

/** What a scope is called, by its references and its name. Another stack than its own has only the name. */
function scopeNames(
  json: SynthesizedJson,
  clients: ReadonlyMap<unknown, string>,
): ReadonlyMap<string, string> {
  const mappers = resources(json, "keycloak_openid_audience_protocol_mapper");
  return new Map(
    resources(json, "keycloak_openid_client_scope").flatMap(({ address, values }) => {
      const apis = mappers
        .filter(({ values: mapper }) => mapper.client_scope_id === `\${${address}.id}`)
        .map(({ values: { included_client_audience: api } }) => clients.get(api) ?? String(api));
      const name = apis.length > 0 ? `audience of ${apis.join(", ")}` : String(values.name);
      return [`\${${address}.name}`, String(values.name)].map((key) => [key, name]);
    }),
  );
}

/** The places of everything that looks like a secret in clear text. The secrets themselves are left out. */
export function secretsIn(json: SynthesizedJson): string[] {
  const inState = resources(json, "keycloak_openid_client")
    .filter(({ values }) => "client_secret" in values)
    .map(({ address }) => `resource.${address}.client_secret`);
  const readable = stringsIn(json).filter(
    ({ path, text }) =>
      (secretNames.test(argumentName(path)) && !isExpression.test(text)) ||
      secretTexts.some((pattern) => pattern.test(text)),
  );
  return [...new Set([...inState, ...readable.map(({ path }) => path.join("."))])];
}

/** Names of the arguments of providers and state backends that hold secrets. */
const secretNames =
  /(secret|password|passphrase|private_?key|signing_?key|secret_?key|access_?key|bind_credential|jwt_token)(_wo)?$/i;

/** Secrets that a text itself shows: a private key, a JSON Web Token, an address with a password, a key of a well-known service. */
const secretTexts = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\./,
  /:\/\/[^\s/:@]*:(?!\$\{)[^\s/@]+@/,
  /\b(AKIA[0-9A-Z]{16}|gh[oprsu]_\w{36,}|glpat-[\w-]{20,})\b/,
];

/** A value that Terraform computes, such as `${var.smtp_password}`, or a random one after the declared beginning of every secret. */
const isExpression = /^\$\{[^]*\}$|^\w+\$\{sha256\("(\$\{uuid\(\)\})+"\)\}$/;

/** The name of an argument. The value of a variable, an output or a block has the name of that. */
function argumentName(path: readonly string[]): string {
  const names = path.filter((name) => !/^\d+$/.test(name));
  const last = names.at(-1) ?? "";
  return ["value", "default"].includes(last) ? (names.at(-2) ?? "") : last;
}

interface PlacedText {
  readonly path: readonly string[];
  readonly text: string;
}

function stringsIn(value: unknown, path: readonly string[] = []): PlacedText[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, [...path, key]));
}
