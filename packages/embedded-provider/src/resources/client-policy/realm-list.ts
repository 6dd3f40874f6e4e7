import type { Json } from "../../keycloak/json.ts";
import { apiPath } from "../../keycloak/keycloak.ts";
import { textOf, type State } from "../../protocol/value.ts";
import type { Shape } from "../../shape/shape.ts";
import type { Context, ResourceType } from "../resource-type.ts";

/** A resource type that is an entry of one list of a realm: Keycloak only reads and replaces the whole list. */
export interface RealmListType {
  readonly type: string;
  /** The name of the list: the path below `client-policies`, and the key of the list in Keycloak's JSON. */
  readonly list: "profiles" | "policies";
  /** The part of the resource's id between the realm and the name. */
  readonly idPart: string;
  readonly shape: Shape;
  readonly toJson: (context: Context, state: State) => Json;
  readonly fromJson: (context: Context, json: Json, state: State) => void;
}

/** The resource type of the entries of a realm's list. It cannot be imported. */
export function realmListResource(definition: RealmListType): ResourceType {
  const { type, list, idPart, shape, toJson, fromJson } = definition;
  const isNamed = (state: State) => (entry: Json) => entry.name === textOf(state, "name");
  const change = (context: Context, state: State, edit: (entries: Json[]) => Json[]) =>
    changeList(context, textOf(state, "realm_id"), list, edit);
  return {
    name: type,
    shape,

    async create(context, { state }) {
      // as in the official provider, even if Keycloak refuses it: then it is in the state, tainted
      state.id = `${textOf(state, "realm_id")}/${idPart}/${textOf(state, "name")}`;
      await change(context, state, (entries) => [...entries, toJson(context, state)]);
      await this.read(context, state);
    },

    async read(context, state) {
      const { [list]: entries } = await readList(context, textOf(state, "realm_id"), list);
      const found = (entries as Json[]).find(isNamed(state));
      // as in the official provider, an entry that was deleted by hand does not differ
      if (found) fromJson(context, found, state);
    },

    async update(context, { state }) {
      const replace = (entry: Json) => (isNamed(state)(entry) ? toJson(context, state) : entry);
      await change(context, state, (entries) => entries.map(replace));
    },

    async delete(context, state) {
      await change(context, state, (entries) => entries.filter((entry) => !isNamed(state)(entry)));
    },
  };
}

/** The last change of each realm's list. */
const changes = new Map<string, Promise<void>>();

/** Changes a list, one change after the other: of two at the same time, one would be lost. */
function changeList(
  context: Context,
  realm: string,
  list: RealmListType["list"],
  edit: (entries: Json[]) => Json[],
): Promise<void> {
  const path = pathOf(realm, list);
  const changed = (changes.get(path) ?? Promise.resolve()).then(async () => {
    const json = await readList(context, realm, list);
    await context.keycloak.put(path, { ...json, [list]: edit(json[list] as Json[]) });
  });
  changes.set(
    path,
    changed.catch(() => undefined),
  );
  return changed;
}

function readList({ keycloak }: Context, realm: string, list: RealmListType["list"]) {
  return keycloak.get(pathOf(realm, list), { "include-global-profiles": "true" });
}

function pathOf(realm: string, list: RealmListType["list"]): string {
  return apiPath`/realms/${realm}/client-policies/${list}`;
}
