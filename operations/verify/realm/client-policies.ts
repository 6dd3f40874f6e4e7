import { isDeepStrictEqual } from "node:util";
import type ClientPolicyRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientPolicyRepresentation.js";
import type ClientProfileRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientProfileRepresentation.js";
import { clientPolicyType, clientProfileType } from "../../../constructs/names/resource-types.ts";
import type { StackContent } from "../../terraform/synthesis/stack-json.ts";
import { declaredPolicies, type DeclaredPolicy, type PolicyPart } from "./declared-policies.ts";
import {
  deployAsAdministrator,
  isMissing,
  listProblems,
  type Problem,
  valueProblems,
} from "../difference.ts";
import type { RealRealm } from "../real-realm.ts";
import { undeclared, type Verified } from "../verified.ts";

const fix = deployAsAdministrator;
const fixes = { extra: fix, missing: fix };

/**
 * Verifies the client policies of a realm and their profiles, without which Keycloak does not refuse what the declaration promises.
 * Undeclared ones of an existing realm are left to its owner.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_client_policies
 */
export function verifyPolicies(
  { policies, profiles }: Pick<RealRealm, "policies" | "profiles">,
  { declaration, resources }: Pick<StackContent, "declaration" | "resources">,
): Verified[] {
  const isOwned = declaration.existing !== true;
  const declared = {
    profiles: declaredPolicies(resources, clientProfileType),
    policies: declaredPolicies(resources, clientPolicyType),
  };
  return [
    // first, because a policy cannot be restored before its profile
    ...declared.profiles.map((each) =>
      verifyOne("client profile", each, profiles, profileProblems),
    ),
    ...(isOwned ? undeclared("client profile", others(declared.profiles, profiles)) : []),
    ...declared.policies.map((each) => verifyOne("client policy", each, policies, policyProblems)),
    ...(isOwned ? undeclared("client policy", others(declared.policies, policies)) : []),
  ];
}

type PolicyKind = "client profile" | "client policy";

/** What Keycloak has: policies or profiles. */
type Named = Readonly<Pick<ClientPolicyRepresentation, "name">>;

function verifyOne<Real extends Named>(
  kind: PolicyKind,
  declared: DeclaredPolicy,
  all: readonly Real[],
  problemsOf: (real: Real, declared: DeclaredPolicy) => Problem[],
): Verified {
  const { name, address } = declared;
  const real = all.find((each) => each.name === name);
  if (real) return { kind, name, problems: problemsOf(real, declared) };
  // Terraform's provider does not notice that it is missing, so that a plan has to be asked for it
  const restore = `run TF_CLI_ARGS_plan=-replace=${address} npm run deploy as an administrator`;
  return { kind, name, problems: [{ ...isMissing, fix: restore }] };
}

function others(declared: readonly DeclaredPolicy[], all: readonly Named[]): string[] {
  return all
    .map(({ name = "" }) => name)
    .filter((name) => !declared.some((each) => each.name === name));
}

function profileProblems(
  { executors = [] }: ClientProfileRepresentation,
  declared: DeclaredPolicy,
): Problem[] {
  const real = executors.map(({ executor, configuration }) => part(executor, configuration));
  return partProblems("executor", real, declared.executors);
}

function policyProblems(
  { enabled = false, profiles = [], conditions = [] }: ClientPolicyRepresentation,
  declared: DeclaredPolicy,
): Problem[] {
  const real = conditions.map(({ condition, configuration }) => part(condition, configuration));
  return [
    ...valueProblems("enabled", enabled, declared.enabled, fix),
    ...(declared.profiles ? listProblems("profile", profiles, declared.profiles, fixes) : []),
    ...partProblems("condition", real, declared.conditions),
  ];
}

function part(name = "", configuration: object = {}): PolicyPart {
  return { name, configuration: { ...configuration } };
}

function partProblems(
  noun: "condition" | "executor",
  actual: readonly PolicyPart[],
  expected: readonly PolicyPart[],
): Problem[] {
  const [real, declared] = [numbered(actual), numbered(expected)];
  return [
    ...listProblems(noun, [...real.keys()], [...declared.keys()], fixes),
    ...[...declared].flatMap(([name, configuration]) => {
      const settings = real.get(name);
      return settings ? configurationProblems(settings, configuration) : [];
    }),
  ];
}

type Configuration = PolicyPart["configuration"];

/** The configurations by name. A second part of the same name has a number, because two conditions mean something else than one. */
function numbered(parts: readonly PolicyPart[]): ReadonlyMap<string, Configuration> {
  return new Map(
    parts.map(({ name, configuration }, index) => {
      const before = parts.slice(0, index).filter((each) => each.name === name).length;
      return [before === 0 ? name : `${name} (${before + 1})`, configuration];
    }),
  );
}

function configurationProblems(actual: Configuration, expected: Configuration): Problem[] {
  const isUnknown = (name: string) => name in expected && expected[name] === undefined;
  return Object.keys({ ...expected, ...actual })
    .filter((name) => !isUnknown(name))
    .flatMap((name) => settingProblems(name, decoded(actual[name]), decoded(expected[name])));
}

function settingProblems(name: string, actual: unknown, expected: unknown): Problem[] {
  if (isDeepStrictEqual(actual, expected)) return [];
  return Array.isArray(actual) && Array.isArray(expected)
    ? listProblems(name, actual.map(text), expected.map(text), fixes)
    : valueProblems(name, text(actual), text(expected), fix);
}

/** A setting, whether it is JSON, as in Keycloak, or JSON in text, as in Terraform. */
function decoded(value: unknown): unknown {
  if (typeof value === "object" || value === undefined) return value;
  const shown = text(value);
  try {
    return /^[[{]/.test(shown) ? JSON.parse(shown) : shown;
  } catch {
    return shown;
  }
}

function text(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
