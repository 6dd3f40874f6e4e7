/** keycloak_realm_events */
import { path } from "../keycloak.ts";
import { read, write } from "../representation.ts";
import { textOf, type ResourceType } from "../resource.ts";
import type { Field } from "../shape.ts";
import { isZero, type State } from "../value.ts";

const fields: Readonly<Record<string, Field>> = {
  realm_id: { forceNew: true },
  admin_events_details_enabled: { at: "adminEventsDetailsEnabled" },
  admin_events_enabled: { at: "adminEventsEnabled" },
  enabled_event_types: { at: "enabledEventTypes" },
  events_enabled: { at: "eventsEnabled" },
  events_expiration: { at: "eventsExpiration" },
  events_listeners: { at: "eventsListeners", omitZero: true },
};
const shape = { fields };

const addressOf = (state: State): string =>
  path`/realms/${textOf(state, "realm_id")}/events/config`;

/** Which events a realm keeps. Keycloak always has such settings: creating adopts them, deleting sets them to nothing. */
export const realmEvents: ResourceType = {
  name: "keycloak_realm_events",
  shape,

  async create(context, change) {
    change.state.id = textOf(change.state, "realm_id");
    await this.update(context, change);
    await this.read(context, change.state);
  },

  async read({ keycloak, block }, state) {
    const types = state.enabled_event_types ?? null;
    read(block, shape, await keycloak.get(addressOf(state)), state);
    // Without a configured list Keycloak keeps all types, which nobody wants to see as a difference.
    if (isZero(types)) state.enabled_event_types = types;
  },

  async update({ keycloak, block }, { state }) {
    const json = write(block, shape, state);
    await keycloak.put(addressOf(state), json);
    const types = state.enabled_event_types ?? null;
    read(block, shape, json, state);
    if (isZero(types)) state.enabled_event_types = types;
  },

  async delete({ keycloak, block }, state) {
    const nothing = write(block, shape, {});
    await keycloak.put(addressOf(state), { ...nothing, enabledEventTypes: null });
  },
};
