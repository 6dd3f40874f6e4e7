import type { Construct } from "constructs";
import { builtInScopes, reservedClientIds } from "../keycloak/built-in.ts";
import { quoted } from "../text/quoted.ts";
import { templateProblems } from "../text/template.ts";

const keycloaksOwn = { "client id": reservedClientIds, "client scope": builtInScopes };

/** What has a name that is unique in a realm. */
export type ClaimKind = keyof typeof keycloaksOwn;

/** Who has which name in a realm. */
export class Claims {
  readonly #owners = new Map<string, Construct>();

  /**
   * Takes a name for a construct. One that something else has already, here or in every Keycloak, is an error of the
   * construct's when synthesizing.
   */
  take(kind: ClaimKind, name: string, owner: Construct): void {
    const key = `${kind} ${name}`;
    const other = this.#owners.get(key);
    this.#owners.set(key, other ?? owner);
    const named = `${kind} ${quoted(name)}`;
    owner.node.addValidation({
      validate: () => [
        ...(keycloaksOwn[kind].includes(name)
          ? [`${named} is Keycloak's own; choose another`]
          : []),
        ...(other ? [`${named} is taken by ${other.node.path}; choose another`] : []),
        ...templateProblems(kind, name),
      ],
    });
  }
}
