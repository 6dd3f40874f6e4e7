import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientScopeRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientScopeRepresentation.js";
import type ProtocolMapperRepresentation from "@keycloak/keycloak-admin-client/lib/defs/protocolMapperRepresentation.js";
import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { quoted } from "../../../text/quoted.ts";
import { deployIt, isMissing, type Problem, removeIt, valueProblems } from "../difference.ts";
import { type PromisedMapper, type PromisedScope, promisedScopes } from "../promised-scopes.ts";
import { rolesIn } from "../roles.ts";

/** A client scope that was verified. */
export interface VerifiedScope {
  readonly name: string;
  readonly problems: readonly Problem[];
}

/**
 * Verifies the client scopes that customers and frontends share, each once: that they do what the declaration promises, and nothing else.
 *
 * @param scopes the client scopes of the realm, with their mappers
 */
export function verifyScopes(
  admin: KcAdminClient,
  declaration: RealmDeclaration,
  scopes: readonly ClientScopeRepresentation[],
): Promise<VerifiedScope[]> {
  const byName = new Map(scopes.map((scope) => [scope.name, scope]));
  return Promise.all(
    promisedScopes(declaration).map(async (promised) => {
      const scope = byName.get(promised.name);
      const problems = scope
        ? await scopeProblems(admin, declaration.realm, promised, scope)
        : [isMissing];
      return { name: promised.name, problems };
    }),
  );
}

async function scopeProblems(
  admin: KcAdminClient,
  realm: string,
  promised: PromisedScope,
  scope: ClientScopeRepresentation,
): Promise<Problem[]> {
  const fix = promised.isBuiltIn ? "restore it in Keycloak" : deployIt;
  const roles = rolesIn(await admin.clientScopes.listScopeMappings({ realm, id: scope.id ?? "" }));
  const isInScope = (scope.attributes?.["include.in.token.scope"] as unknown) !== "false";
  return [
    ...valueProblems("include.in.token.scope", isInScope, promised.isInTokenScope, fix),
    ...mapperProblems(promised.mappers, scope.protocolMappers ?? [], fix),
    ...roles
      .filter((role) => role !== promised.role)
      .map((role) => ({
        problem: `is only for holders of the role ${quoted(role)}`,
        fix: "remove this role from its scope in Keycloak",
      })),
    ...(promised.role !== undefined && !roles.includes(promised.role)
      ? [{ problem: `lacks the role ${quoted(promised.role)} in its scope`, fix }]
      : []),
  ];
}

/** Problems of a scope's mappers. Their names do not matter, only what they do. */
function mapperProblems(
  promised: readonly PromisedMapper[],
  mappers: readonly ProtocolMapperRepresentation[],
  fix: string,
): Problem[] {
  const missing = promised.filter((each) => !mappers.some((mapper) => does(mapper, each)));
  const others = mappers.filter((mapper) => !promised.some((each) => does(mapper, each)));
  return [
    ...missing.map(({ type, purpose }) => ({
      problem: `has no mapper (${type}) that ${purpose}`,
      fix,
    })),
    // the changed form of a missing one is no further difference
    ...others
      .filter(({ protocolMapper }) => !missing.some(({ type }) => type === protocolMapper))
      .map(({ name, protocolMapper }) => ({
        problem: `has the mapper ${quoted(name)} (${protocolMapper ?? "unknown"}), which nobody declared`,
        fix: removeIt,
      })),
  ];
}

function does(mapper: ProtocolMapperRepresentation, { type, config }: PromisedMapper): boolean {
  const actual = (mapper.config ?? {}) as Readonly<Record<string, string>>;
  return (
    mapper.protocolMapper === type &&
    Object.entries(config).every(([key, value]) => (actual[key] ?? "") === value)
  );
}
