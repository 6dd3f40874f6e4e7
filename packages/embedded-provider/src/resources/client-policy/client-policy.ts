import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Fields } from "../../shape/shape.ts";
import { partsFromJson, partsToJson } from "./policy-configuration.ts";
import { realmListResource } from "./realm-list.ts";

const fields: Fields = {
  realm_id: {},
  name: { at: "name", forceNew: true },
  description: { at: "description" },
};

const part = { fields: { name: {}, configuration: {} } };

const profileShape = { fields, blocks: { executor: part } };

/** `keycloak_realm_client_policy_profile`: what a client policy enforces. */
export const clientPolicyProfile = realmListResource({
  type: "keycloak_realm_client_policy_profile",
  list: "profiles",
  idPart: "realm-client-policy-profiles",
  shape: profileShape,
  toJson: ({ block }, state) => ({
    ...toRepresentation(block, { fields }, state),
    executors: partsToJson("executor", state.executor),
  }),
  fromJson({ block }, json, state) {
    readRepresentation(block, { fields }, json, state);
    state.executor = partsFromJson("executor", json.executors);
  },
});

const policyFields: Fields = {
  ...fields,
  enabled: { at: "enabled", default: true },
  profiles: { at: "profiles", forceNew: true },
};

/** `keycloak_realm_client_policy_profile_policy`: a client policy, the clients that profiles are for. */
export const clientPolicy = realmListResource({
  type: "keycloak_realm_client_policy_profile_policy",
  list: "policies",
  idPart: "realm-client-policy-profile-policies",
  shape: { fields: policyFields, blocks: { condition: part } },
  toJson: ({ block }, state) => ({
    ...toRepresentation(block, { fields: policyFields }, state),
    conditions: partsToJson("condition", state.condition),
  }),
  fromJson({ block }, json, state) {
    readRepresentation(block, { fields: policyFields }, json, state);
    state.condition = partsFromJson("condition", json.conditions);
  },
});
