import { quotedBool } from "../../shape/codecs.ts";
import { protocolMapper } from "./protocol-mapper.ts";

/**
 * `keycloak_openid_user_client_role_protocol_mapper`: a mapper of a client or a client scope that writes a user's client roles
 * into a claim.
 */
export const userClientRoleMapper = protocolMapper({
  name: "keycloak_openid_user_client_role_protocol_mapper",
  protocolMapper: "oidc-usermodel-client-role-mapper",

  fields: {
    add_to_id_token: { at: ["config", "id.token.claim"], as: quotedBool, default: true },
    add_to_access_token: { at: ["config", "access.token.claim"], as: quotedBool, default: true },
    add_to_userinfo: { at: ["config", "userinfo.token.claim"], as: quotedBool, default: true },
    claim_name: { at: ["config", "claim.name"] },
    claim_value_type: {
      at: ["config", "jsonType.label"],
      default: "String",
      oneOf: ["JSON", "String", "long", "int", "boolean"],
      ignoresCase: true,
    },
    multivalued: { at: ["config", "multivalued"], as: quotedBool, default: false },
    client_id_for_role_mappings: { at: ["config", "usermodel.clientRoleMapping.clientId"] },
    client_role_prefix: { at: ["config", "usermodel.clientRoleMapping.rolePrefix"] },
  },
});
