import type { Json } from "../../keycloak/json.ts";
import { apiPath, type Keycloak } from "../../keycloak/keycloak.ts";

/** Whether a client gets a scope in every token, or only on request. */
export type ScopeKind = "default" | "optional";

/** A client scope, as Keycloak lists it. */
export interface Scope extends Json {
  readonly id: string;
  readonly name: string;
  readonly protocol?: string;
}

/** Lists all client scopes of a realm. */
export function scopesOfRealm(keycloak: Keycloak, realm: string): Promise<Scope[]> {
  return keycloak.getOnce<Scope[]>(apiPath`/realms/${realm}/client-scopes`);
}

/** Lists the names of the client scopes at a path. */
export async function scopeNames(keycloak: Keycloak, path: string): Promise<string[]> {
  return (await keycloak.get<Scope[]>(path)).map(({ name }) => name);
}

/** The items of a list that are not in another one. */
export function without(items: readonly string[], excluded: readonly string[]): string[] {
  return items.filter((item) => !excluded.includes(item));
}
