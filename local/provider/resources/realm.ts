/** keycloak_realm */
import { ProviderError } from "../diagnostics.ts";
import { path, type Json, type ServerInfo } from "../keycloak.ts";
import { blockOf } from "../representation.ts";
import { textOf, type Context, type ResourceType } from "../resource.ts";
import { asText, isZero, type State, type Value } from "../value.ts";
import { realmFromJson, realmShape, realmToJson } from "./realm-json.ts";

const addressOf = (state: State): string => path`/realms/${textOf(state, "id")}`;

/** A realm. */
export const realm: ResourceType = {
  name: "keycloak_realm",
  shape: realmShape,

  async create(context, { state }) {
    const json = await toValidJson(context, state);
    await context.keycloak.create("/realms", json);
    state.id = textOf(state, "realm");
    // The token in hand was made before the realm existed and gives no rights in it.
    await context.keycloak.login();
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    const json = await keycloak.get(addressOf(state));
    keepPassword(json, state);
    realmFromJson(block, json, state, await keycloak.version());
    state.terraform_deletion_protection ??= false;
  },

  async update(context, { state }) {
    const json = await toValidJson(context, state);
    await context.keycloak.put(path`/realms/${textOf(state, "realm")}`, json);
    realmFromJson(context.block, json, state, await context.keycloak.version());
  },

  async delete({ keycloak }, state) {
    if (state.terraform_deletion_protection === true) {
      const [name, id] = [textOf(state, "id"), textOf(state, "internal_id")];
      throw new ProviderError(
        `deletion protection is enabled for keycloak_realm ${name} (ID: ${id}); to delete it, first apply terraform_deletion_protection = false`,
        ["terraform_deletion_protection"],
      );
    }
    // Deleting a large realm sometimes fails inside Keycloak, and succeeds at the second attempt.
    await keycloak.delete(addressOf(state)).catch(() => keycloak.delete(addressOf(state)));
  },

  import: (_context, id) => ({ id }),
};

// Keycloak answers with asterisks, which would hide a change of the password, and make one of none.
function keepPassword(json: Json, state: State): void {
  const password = blockOf(blockOf(state, "smtp_server") ?? {}, "auth")?.password;
  const server = json.smtpServer as Json | undefined;
  if (password !== undefined && server !== undefined) server.password = password;
}

async function toValidJson({ keycloak, block }: Context, state: State): Promise<Json> {
  const json = realmToJson(block, state, await keycloak.version());
  validate(json, await keycloak.serverInfo());
  return json;
}

function validate(json: Json, { themes, providers }: ServerInfo): void {
  const fail = (message: string, attribute: string): never => {
    throw new ProviderError(`validation error: ${message}`, [attribute]);
  };
  const duplicates = json.duplicateEmailsAllowed === true;
  if (duplicates && json.registrationEmailAsUsername === true) {
    fail(
      "DuplicateEmailsAllowed cannot be true if RegistrationEmailAsUsername is true",
      "duplicate_emails_allowed",
    );
  }
  if (duplicates && json.loginWithEmailAllowed === true) {
    fail(
      "DuplicateEmailsAllowed cannot be true if LoginWithEmailAllowed is true",
      "duplicate_emails_allowed",
    );
  }
  if (!["none", "external", "all"].includes(String(json.sslRequired))) {
    fail(
      `SslRequired should be 'none', 'external' or 'all', not '${String(json.sslRequired)}'`,
      "ssl_required",
    );
  }
  for (const kind of ["login", "account", "admin", "email"]) {
    const theme = json[`${kind}Theme`] as Value | undefined;
    const installed = themes?.[kind]?.some(({ name }) => name === theme) === true;
    if (!isZero(theme) && !installed)
      fail(`theme "${asText(theme)}" does not exist on the server`, `${kind}_theme`);
  }
  const locales = json.supportedLocales as readonly string[];
  if (json.internationalizationEnabled === true && !locales.includes(String(json.defaultLocale))) {
    fail("DefaultLocale should be in the SupportLocales", "internationalization");
  }
  const installed = Object.keys(providers?.["password-policy"]?.providers ?? {});
  const policies = String(json.passwordPolicy)
    .split(" and ")
    .map((policy) => policy.split("(")[0] ?? "");
  const unknown = policies.find((policy) => policy !== "" && !installed.includes(policy));
  if (unknown !== undefined) {
    fail(
      `password-policy "${unknown}" does not exist on the server; installed: ${installed.sort().join(", ")}`,
      "password_policy",
    );
  }
}
