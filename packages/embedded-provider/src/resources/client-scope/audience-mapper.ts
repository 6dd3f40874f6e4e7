import type { Json } from "../../keycloak/json.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { textOf } from "../../protocol/value.ts";
import { quotedBool } from "../../shape/codecs.ts";
import { protocolMapper } from "./protocol-mapper.ts";

/** `keycloak_openid_audience_protocol_mapper`: a mapper of a client or a client scope that adds an audience to tokens. */
export const audienceMapper = protocolMapper({
  name: "keycloak_openid_audience_protocol_mapper",
  protocolMapper: "oidc-audience-mapper",

  fields: {
    included_client_audience: {
      at: ["config", "included.client.audience"],
      conflictsWith: ["included_custom_audience"],
    },
    included_custom_audience: {
      at: ["config", "included.custom.audience"],
      conflictsWith: ["included_client_audience"],
    },
    add_to_id_token: { at: ["config", "id.token.claim"], as: quotedBool, default: true },
    add_to_access_token: { at: ["config", "access.token.claim"], as: quotedBool, default: true },
    add_to_token_introspection: {
      at: ["config", "introspection.token.claim"],
      as: quotedBool,
      default: true,
    },
  },

  async validate(keycloak, state) {
    const client = textOf(state, "included_client_audience");
    const custom = textOf(state, "included_custom_audience");
    if ((client === "") === (custom === "")) {
      throw new ProviderError(
        "validation error: set exactly one of included_client_audience and included_custom_audience",
      );
    }
    if (client !== "") await refuseUnknownClient(keycloak, textOf(state, "realm_id"), client);
  },

  afterRead(state, before) {
    // as in the official provider, only one of the two audiences is read; the other one keeps its value
    const other =
      textOf(state, "included_client_audience") === ""
        ? "included_client_audience"
        : "included_custom_audience";
    state[other] = before[other] ?? null;
  },
});

async function refuseUnknownClient(
  keycloak: Keycloak,
  realm: string,
  clientId: string,
): Promise<void> {
  const clients = await keycloak.get<Json[]>(apiPath`/realms/${realm}/clients`, { clientId });
  if (clients.length === 0) {
    throw new ProviderError(`validation error: client with name ${clientId} does not exist`, [
      "included_client_audience",
    ]);
  }
}
