/** The resource types that the embedded provider implements. */
import type { ResourceType } from "../resource.ts";
import { audienceMapper } from "./audience-mapper.ts";
import { clientScope } from "./client-scope.ts";
import { clientScopes } from "./client-scopes.ts";
import { client } from "./client.ts";
import { realmClientScopes } from "./realm-client-scopes.ts";
import { realmEvents } from "./realm-events.ts";
import { realm } from "./realm.ts";

const types: readonly ResourceType[] = [
  realm,
  realmEvents,
  realmClientScopes("default"),
  realmClientScopes("optional"),
  client,
  clientScope,
  audienceMapper,
  clientScopes("default"),
  clientScopes("optional"),
];

/** By name, as a configuration writes it. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  types.map((type) => [type.name, type]),
);
