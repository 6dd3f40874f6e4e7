import type { Json } from "../../keycloak/json.ts";
import { apiPath } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { textOf, type State } from "../../protocol/value.ts";
import { nestedBlock } from "../../shape/representation.ts";
import type { Context, ResourceType } from "../resource-type.ts";
import { realmFromJson, realmShape, realmToJson } from "./realm-representation.ts";
import { validateRealm } from "./realm-validation.ts";

/** `keycloak_realm`: a realm. */
export const realm: ResourceType = {
  name: "keycloak_realm",
  shape: realmShape,

  async create(context, { state }) {
    const json = await toValidJson(context, state);
    await context.keycloak.create("/realms", json);
    state.id = textOf(state, "realm");
    // the current token is older than the realm and has no rights in it
    await context.keycloak.login();
    await this.read(context, state);
  },

  async read({ keycloak, block }, state) {
    const json = await keycloak.get(realmPath(state));
    keepPassword(json, state);
    realmFromJson(block, json, state, await keycloak.version());
    state.terraform_deletion_protection ??= false;
  },

  async update(context, { state }) {
    const json = await toValidJson(context, state);
    await context.keycloak.put(apiPath`/realms/${textOf(state, "realm")}`, json);
    realmFromJson(context.block, json, state, await context.keycloak.version());
  },

  async delete({ keycloak }, state) {
    refuseProtected(state);
    // the deletion of a large realm sometimes fails in Keycloak, and succeeds at the second attempt
    await keycloak.delete(realmPath(state)).catch(() => keycloak.delete(realmPath(state)));
  },

  import: (_context, id) => ({ id }),
};

function realmPath(state: State): string {
  return apiPath`/realms/${textOf(state, "id")}`;
}

async function toValidJson({ keycloak, block }: Context, state: State): Promise<Json> {
  const json = realmToJson(block, state, await keycloak.version());
  validateRealm(json, await keycloak.serverInfo());
  return json;
}

// Keycloak returns asterisks, which would hide a change of the password, and show one that does not exist
function keepPassword(json: Json, state: State): void {
  const password = nestedBlock(nestedBlock(state, "smtp_server") ?? {}, "auth")?.password;
  const server = json.smtpServer as Json | undefined;
  if (password !== undefined && server !== undefined) server.password = password;
}

function refuseProtected(state: State): void {
  if (state.terraform_deletion_protection !== true) return;
  const [name, id] = [textOf(state, "id"), textOf(state, "internal_id")];
  throw new ProviderError(
    `deletion protection is enabled for keycloak_realm ${name} (ID: ${id}); to delete it, first apply terraform_deletion_protection = false`,
    ["terraform_deletion_protection"],
  );
}
