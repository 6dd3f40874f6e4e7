import { audienceMapper } from "./client-scope/audience-mapper.ts";
import { clientScope } from "./client-scope/client-scope.ts";
import { attachedClientScopes } from "./client/attached-client-scopes.ts";
import { client } from "./client/client.ts";
import { realmClientScopes } from "./realm/realm-client-scopes.ts";
import { realmEvents } from "./realm/realm-events.ts";
import { realm } from "./realm/realm.ts";
import type { ResourceType } from "./resource-type.ts";

const types: readonly ResourceType[] = [
  realm,
  realmEvents,
  realmClientScopes("default"),
  realmClientScopes("optional"),
  client,
  clientScope,
  audienceMapper,
  attachedClientScopes("default"),
  attachedClientScopes("optional"),
];

/** The resource types that the embedded provider implements, by name. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  types.map((type) => [type.name, type]),
);
