import { countChanges, type PlanCounts, type ResourceChange } from "../../terraform/plan.ts";
import type { ValueChange } from "./declaration-change.ts";
import type { PairedSides } from "./pairs.ts";
import { reference, entityOf, type Entity } from "./entity.ts";
import { concealed, differences, isSecretLike, leaves, same } from "./values.ts";

/** A resource that a plan changes for a reason other than the declaration's change. */
export interface Drift {
  /** Terraform's address. */
  readonly address: string;
  readonly entity: Entity;
  /** Terraform's action on the resource. */
  readonly action: "create" | "update" | "delete" | "replace" | "forget" | "import";
  /** The values that would change without an explanation in the declaration's change. */
  readonly changes: readonly ValueChange[];
}

/** Terraform's plan, compared with the declaration's change. */
export interface PlanComparison {
  readonly counts: PlanCounts;
  /** Differences between Keycloak and the declaration before the change: made by hand, or left by a failed apply. */
  readonly drift: readonly Drift[];
}

/**
 * Compares a plan with what the declaration's change explains.
 *
 * @param sides the paired sides of the change; without them nothing is explained
 */
export function comparePlan(
  changes: readonly ResourceChange[],
  sides?: PairedSides,
): PlanComparison {
  const explained = sides ? explanations(sides) : new Map<string, "all" | Explained>();
  return {
    counts: countChanges(changes),
    drift: changes
      .flatMap((each) => driftOf(each, explained))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
  };
}

/** By address: the values declared before and which of them change, or "all" if the whole resource is added or removed. */
type Explanations = ReadonlyMap<string, "all" | Explained>;

interface Explained {
  readonly declared: ReadonlyMap<string, unknown>;
  readonly changes: ReadonlySet<string>;
}

function explanations({ base, head, pairs }: PairedSides): Explanations {
  const found = new Map<string, "all" | Explained>();
  for (const { before, after } of pairs) {
    if (!before || !after) found.set((before ?? after)?.address ?? "", "all");
    else if (before.address !== after.address) {
      found.set(before.address, "all").set(after.address, "all");
    } else {
      const declared = leaves(base?.resources[before.address]);
      const changes = differences(before.values, after.values);
      found.set(after.address, {
        declared,
        changes: new Set(changes.map(({ attribute }) => attribute)),
      });
    }
  }
  if (base && base.declaration.realm !== head.declaration.realm)
    for (const address of found.keys()) found.set(address, "all");
  return found;
}

function driftOf(each: ResourceChange, explained: Explanations): Drift[] {
  const { address, type, change } = each;
  const explanation = explained.get(address);
  const action = actionOf(each);
  if (explanation === "all" || !action) return [];
  const all = valueChanges(each);
  const isExplained = ({ attribute, from }: ValueChange) =>
    explanation !== undefined && explains(explanation, attribute, from);
  const changes = all.filter((value) => !isExplained(value)).map((value) => hide(value, each));
  const whole = action !== "update" && action !== "replace";
  if (changes.length === 0 && !whole) return [];
  const entity = entityOf(address, type, change.before ?? change.after ?? {});
  return [{ address, entity, action, changes: whole ? [] : changes }];
}

function actionOf({ change }: ResourceChange): Drift["action"] | undefined {
  const { actions } = change;
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "delete";
  const single = (["create", "update", "forget"] as const).find((each) => actions.includes(each));
  return single ?? (change.importing ? "import" : undefined);
}

/** Whether the declaration changes a value, and Keycloak still has the value declared before. */
function explains({ declared, changes }: Explained, attribute: string, from: unknown): boolean {
  const touched = [...changes].some(
    (name) =>
      name === attribute || name.startsWith(`${attribute}.`) || attribute.startsWith(`${name}.`),
  );
  const before = declared.get(attribute);
  const isLiteral = before !== undefined && !JSON.stringify(before).match(reference);
  return touched && (!isLiteral || same(before, from));
}

/** The values that change. A value that is known only after the apply is left out: it follows from another change. */
function valueChanges({ change }: ResourceChange): ValueChange[] {
  const unknown = leaves(change.after_unknown);
  const isUnknown = (attribute: string) => unknown.get(attribute) === true;
  const [from, to] = [leaves(change.before), leaves(change.after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .map((attribute) => ({
      attribute,
      from: from.get(attribute) ?? null,
      to: to.get(attribute) ?? null,
    }))
    .filter((value) => !isUnknown(value.attribute) && !same(value.from, value.to))
    .filter(({ from: a, to: b }) => !(isBlank(a) && isBlank(b)));
}

/** Whether a value is empty: terraform's plan has null for what Keycloak leaves out. */
function isBlank(value: unknown): boolean {
  return value === null || ['""', "[]", "{}"].includes(JSON.stringify(value));
}

function hide(value: ValueChange, { change }: ResourceChange): ValueChange {
  const marked = [change.before_sensitive, change.after_sensitive].some((marks) => {
    if (marks === true) return true;
    return [...leaves(marks)].some(
      ([name, mark]) =>
        mark === true && (name === value.attribute || value.attribute.startsWith(`${name}.`)),
    );
  });
  return marked || isSecretLike(value.attribute) ? concealed(value) : value;
}
