import { groupPath } from "../../../../constructs/names/group-path.ts";
import {
  groupRolesType,
  groupType,
  roleMapperType,
  roleScopeType,
  roleType,
  scopeType,
} from "../../../../constructs/names/resource-types.ts";
import type { ResourceArguments } from "../../../terraform/synthesis/stack-json.ts";
import { type Entity, entityOf, roleName } from "./entity.ts";
import type { Renames } from "./renames.ts";

/** A resource of a declaration or a plan. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: ResourceArguments;
}

/**
 * The entities of resources that refer to each other: a role to its API, a group to the group above, and a mapper to its client scope. Only
 * roles of APIs are entities, and only groups with a list of roles. All others come from `main.ts`, next to the constructs.
 */
export class Entities {
  readonly #find: (id: unknown) => Resource | undefined;
  /** The addresses of groups that may have a list of roles. */
  readonly #groups: ReadonlySet<string>;
  readonly #renames: Renames;

  /**
   * @param find finds the resource whose id a value is
   * @param newGroups addresses of groups whose id is not known yet, so that nothing refers to them
   * @param renames customers that get another name: they already have it here, so that they are the same before and after
   */
  constructor(
    resources: readonly Resource[],
    find: (id: unknown) => Resource | undefined,
    newGroups: readonly string[] = [],
    renames: Renames = new Map(),
  ) {
    this.#find = find;
    this.#renames = renames;
    const listed = resources
      .filter(({ type }) => type === groupRolesType)
      .flatMap(({ values }) => find(values.group_id)?.address ?? []);
    this.#groups = new Set([...listed, ...newGroups]);
  }

  /** The entity that a resource is, or that it is a part of: of the kind `other` if it is none. */
  of(resource: Resource): Entity {
    const { address, type, values } = resource;
    const other: Entity = { kind: "other", name: address };
    switch (type) {
      case roleType:
        return this.#role(values) ?? other;
      case groupType: {
        const name = this.#groups.has(address) ? this.#path(values) : undefined;
        return name === undefined ? other : { kind: "group", name };
      }
      case groupRolesType:
        return this.#entityOf(groupType, values.group_id) ?? other;
      case roleScopeType:
      case roleMapperType:
        return this.#entityOf(scopeType, values.client_scope_id) ?? other;
      default:
        return this.#renamed(entityOf(address, type, values));
    }
  }

  /** The owner of something that belongs to a client, a client scope or the realm. */
  ownerOf({
    values: { client_id, service_account_user_id, client_scope_id, realm_id },
  }: Resource): Entity | undefined {
    const owner = this.#find(client_id ?? service_account_user_id ?? client_scope_id ?? realm_id);
    return owner && this.of(owner);
  }

  /** The name of the role whose id a value is, as Terraform writes a reference: `${role atlas-api/clerk}`; otherwise the value itself. */
  roleReference(id: unknown): unknown {
    const role = this.#find(id);
    const { kind, name } = role?.type === roleType ? this.of(role) : { kind: "other", name: "" };
    return kind === "role" ? `\${role ${name}}` : id;
  }

  #renamed(entity: Entity): Entity {
    const { kind, name } = entity;
    return kind === "customer" ? { kind, name: this.#renames.get(name) ?? name } : entity;
  }

  #entityOf(type: string, id: unknown): Entity | undefined {
    const resource = this.#find(id);
    const entity = resource?.type === type ? this.of(resource) : undefined;
    return entity?.kind === "other" ? undefined : entity;
  }

  #role({ name, client_id }: ResourceArguments): Entity | undefined {
    const client = this.#find(client_id);
    const api = client && entityOf(client.address, client.type, client.values);
    if (api?.kind !== "API" || typeof name !== "string") return undefined;
    return { kind: "role", name: roleName(api.name, name) };
  }

  #path({ name, parent_id }: ResourceArguments): string | undefined {
    if (typeof name !== "string") return undefined;
    if (parent_id === undefined || parent_id === null || parent_id === "") return groupPath(name);
    const parent = this.#find(parent_id);
    const above = parent?.type === groupType ? this.#path(parent.values) : undefined;
    return above === undefined ? undefined : groupPath(name, above);
  }
}
