import type { Json } from "../../keycloak/json.ts";
import { apiPath } from "../../keycloak/keycloak.ts";
import type { Block } from "../../protocol/schema.ts";
import { isZero, textOf, type State } from "../../protocol/value.ts";
import { readRepresentation, toRepresentation } from "../../shape/representation.ts";
import type { Fields } from "../../shape/shape.ts";
import type { ResourceType } from "../resource-type.ts";

const fields: Fields = {
  realm_id: { forceNew: true },
  admin_events_details_enabled: { at: "adminEventsDetailsEnabled" },
  admin_events_enabled: { at: "adminEventsEnabled" },
  enabled_event_types: { at: "enabledEventTypes" },
  events_enabled: { at: "eventsEnabled" },
  events_expiration: { at: "eventsExpiration" },
  events_listeners: { at: "eventsListeners", omitZero: true },
};
const shape = { fields };

/**
 * `keycloak_realm_events`: the events that a realm stores. Every realm has these settings: a create changes them, a delete resets
 * them.
 */
export const realmEvents: ResourceType = {
  name: "keycloak_realm_events",
  shape,

  async create(context, change) {
    change.state.id = textOf(change.state, "realm_id");
    await this.update(context, change);
    await this.read(context, change.state);
  },

  async read({ keycloak, block }, state) {
    fromJson(block, await keycloak.get(settingsPath(state)), state);
  },

  async update({ keycloak, block }, { state }) {
    const json = toRepresentation(block, shape, state);
    await keycloak.put(settingsPath(state), json);
    fromJson(block, json, state);
  },

  async delete({ keycloak, block }, state) {
    const reset = toRepresentation(block, shape, {});
    await keycloak.put(settingsPath(state), { ...reset, enabledEventTypes: null });
  },
};

function settingsPath(state: State): string {
  return apiPath`/realms/${textOf(state, "realm_id")}/events/config`;
}

function fromJson(block: Block, json: Json, state: State): void {
  const types = state.enabled_event_types ?? null;
  readRepresentation(block, shape, json, state);
  // if no types are configured, Keycloak stores all of them and lists each: that is not a difference
  if (isZero(types)) state.enabled_event_types = types;
}
