import { describe, expect, test } from "@jest/globals";
import { planChange } from "../../src/planning/plan.ts";
import { conform, loadSchema } from "../../src/protocol/schema.ts";
import { unknownValue, type State } from "../../src/protocol/value.ts";
import { resourceTypes } from "../../src/resources/resources.ts";

/** Plans a resource; `proposed` is the configuration with the computed values that Terraform keeps. */
function planOf(name: string, prior: State | null, config: State, proposed = config) {
  const type = resourceTypes.get(name);
  const block = loadSchema().resource_schemas[name]?.block;
  if (type === undefined || block === undefined) throw new Error(`${name} is missing`);
  return planChange({
    block,
    shape: type.shape,
    prior: prior && conform(block, prior),
    proposed: conform(block, proposed),
    config: conform(block, config),
  });
}

describe.each([
  ["keycloak_role", ["realm_id", "client_id", "import"], ["name", "description"]],
  ["keycloak_group", ["realm_id", "organization_id", "parent_id"], ["name", "description"]],
  ["keycloak_group_roles", ["realm_id", "group_id"], ["role_ids", "exhaustive"]],
  ["keycloak_generic_role_mapper", ["realm_id", "client_id", "client_scope_id", "role_id"], []],
  [
    "keycloak_openid_user_client_role_protocol_mapper",
    ["realm_id", "client_id", "client_scope_id"],
    ["name", "claim_name", "claim_value_type", "multivalued", "client_role_prefix"],
  ],
])("a plan to update %s", (name, replacing, inPlace) => {
  const attributes = loadSchema().resource_schemas[name]?.block.attributes ?? {};
  const valueOf = (attribute: string, value: boolean) => {
    const type = attributes[attribute]?.type;
    return type === "bool" ? value : type === "string" ? `${value}` : [`${value}`];
  };
  const bodyOf = (names: readonly string[], value: boolean): State =>
    Object.fromEntries(names.map((attribute) => [attribute, valueOf(attribute, value)]));
  const all = [...replacing, ...inPlace];
  const prior = { id: "1", ...bodyOf(all, true) };

  test.each(replacing)("replaces it if %s changes", (attribute) => {
    const config = { ...bodyOf(all, true), ...bodyOf([attribute], false) };
    expect(planOf(name, prior, config, { id: "1", ...config }).replace).toEqual([attribute]);
  });

  test("changes everything else in place", () => {
    const config = { ...bodyOf(all, true), ...bodyOf(inPlace, false) };
    const { planned, replace } = planOf(name, prior, config, { id: "1", ...config });
    expect(planned).toMatchObject(config);
    expect(replace).toEqual([]);
  });
});

const role = { realm_id: "r", name: "clerk" };
const existing = { id: "1", ...role, import: false, composite_roles: ["a"], description: "d" };

test("a role that is created learns its composites and its description from Keycloak unless they are configured", () => {
  const name = "keycloak_role";
  const unknown = { composite_roles: unknownValue, description: unknownValue };
  expect(planOf(name, null, role).planned).toMatchObject({ ...unknown, import: false });
  const configured = { composite_roles: ["a"], description: "d" };
  expect(planOf(name, null, { ...role, ...configured }).planned).toMatchObject(configured);
});

test("a role keeps its composites unless others, or none, are configured", () => {
  const planned = (config: State, proposed: State) =>
    planOf("keycloak_role", existing, { ...role, ...config }, { ...existing, ...proposed }).planned
      .composite_roles;
  expect(planned({}, {})).toEqual(["a"]);
  expect(planned({ composite_roles: ["b"] }, { composite_roles: ["b"] })).toEqual(["b"]);
  expect(planned({ composite_roles: [] }, { composite_roles: [] })).toEqual([]);
});

test("a group keeps a description and the order of values that only Keycloak has", () => {
  const group = { realm_id: "r", name: "staff", attributes: { site: "a##b", team: "x" } };
  const prior = { ...group, id: "1", path: "/staff", description: "d" };
  const attributes = { site: "b##a", team: "x" };
  const planned = (config: State) =>
    planOf("keycloak_group", prior, config, { id: "1", path: "/staff", ...config }).planned;
  expect(planned({ ...group, attributes })).toMatchObject(prior);
  const changed = { ...attributes, team: "y" };
  expect(planned({ ...group, attributes: changed }).attributes).toEqual({
    site: "a##b",
    team: "y",
  });
});
