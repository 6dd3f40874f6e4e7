import type { Construct } from "constructs";
import { quoted } from "../../text/quoted.ts";
import { templateProblems } from "../synthesis/terraform-template.ts";
import { builtInScopes, reservedClientIds } from "./reserved-names.ts";

const reserved = {
  "client id": reservedClientIds,
  "client scope": builtInScopes,
  group: [] as readonly string[],
};

/** Kind of name that is unique in a realm. */
export type NameKind = keyof typeof reserved;

/** Registry of the client ids, client scope names and group paths that are taken in a realm. */
export class NameRegistry {
  readonly #owners = new Map<string, Construct>();

  /**
   * Reserves a name for a construct. If another construct or Keycloak itself has it already, the construct is invalid when the
   * stack is synthesized.
   */
  reserve(kind: NameKind, name: string, owner: Construct): void {
    const key = `${kind} ${name}`;
    const other = this.#owners.get(key);
    this.#owners.set(key, other ?? owner);
    // only an error needs it
    const named = () => `${kind} ${quoted(name)}`;
    owner.node.addValidation({
      validate: () => [
        ...(reserved[kind].includes(name) ? [`${named()} is reserved; choose another`] : []),
        ...(other ? [`${named()} is taken by ${other.node.path}; choose another`] : []),
        ...templateProblems(kind, name),
      ],
    });
  }
}
