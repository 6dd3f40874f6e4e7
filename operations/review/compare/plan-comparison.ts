import { countChanges, type PlanCounts, type ResourceChange } from "../../terraform/plan.ts";
import { reference, type Entity } from "./resources/entity.ts";
import { isReaddressed, isRealmRecreated, type PairedSides } from "./resources/pairs.ts";
import { type PlannedResources, plannedResources } from "./resources/planned-resources.ts";
import {
  concealed,
  differences,
  isBlank,
  isWithin,
  leaves,
  pairedLeaves,
  same,
  shown,
  type ValueChange,
} from "./values.ts";

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

/** A resource that a plan changes because the declaration changes. */
export type ExplainedChange = Omit<Drift, "changes">;

/** Terraform's plan, compared with the declaration's change. Every resource that it changes is in one of the two lists. */
export interface PlanComparison {
  readonly counts: PlanCounts;
  /** Resources whose changes all follow from the declaration's change. */
  readonly explained: readonly ExplainedChange[];
  /** Differences between Keycloak and the declaration before the change: made by hand, or left by a failed apply. */
  readonly drift: readonly Drift[];
}

/**
 * Compares a plan with what the declaration's change explains.
 *
 * @param sides the paired sides of the change; without a base nothing is explained
 */
export function comparePlan(
  changes: readonly ResourceChange[],
  sides: PairedSides,
): PlanComparison {
  const explanations = sides.base ? explain(sides) : new Map<string, Explanation>();
  const planned = plannedResources(changes, sides.renames);
  const entity = entityFinder(planned, sides);
  const all = planned.changes
    .flatMap((each) => compared(each, entity(each), explanations.get(each.address)))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  return {
    counts: countChanges(changes),
    explained: all
      .filter(({ isExplained }) => isExplained)
      .map(({ address, entity: subject, action }) => ({ address, entity: subject, action })),
    drift: all
      .filter(({ isExplained }) => !isExplained)
      .map(({ address, entity: subject, action, changes: values }) => ({
        ...{ address, entity: subject, action, changes: values },
      })),
  };
}

/** What the declaration's change explains at an address. */
interface Explanation {
  /** Actions that it explains with all their values: `create` for something new, `delete` for something removed. */
  readonly actions: readonly Drift["action"][];
  /** The values declared before, for a resource that stays. */
  readonly declared: ReadonlyMap<string, unknown>;
  /** The names of the values that change, for a resource that stays. */
  readonly changes: readonly string[];
}

function explain(sides: PairedSides): ReadonlyMap<string, Explanation> {
  const { base, pairs } = sides;
  const found = new Map<string, Explanation>();
  const isRecreated = isRealmRecreated(sides);
  const whole = (actions: Explanation["actions"]) => ({
    ...{ actions: isRecreated ? [...actions, "replace" as const] : actions },
    ...{ declared: new Map<string, unknown>(), changes: [] },
  });
  for (const pair of pairs) {
    const { before, after } = pair;
    if (before && after && !isReaddressed(pair, sides)) {
      const changes = differences(before.values, after.values).map(({ attribute }) => attribute);
      const declared = leaves(base?.resources[before.address]);
      found.set(after.address, { actions: isRecreated ? ["replace"] : [], declared, changes });
    } else {
      if (before) found.set(before.address, whole(["delete", "forget"]));
      if (after) found.set(after.address, whole(["create"]));
    }
  }
  return found;
}

/** Finds the entity of a planned resource: by its declaration, or else by the owner that Keycloak has. */
function entityFinder(
  { entities }: PlannedResources,
  { pairs }: PairedSides,
): (each: ResourceChange) => Entity {
  const declared = new Map(
    pairs.flatMap(({ before, after }) =>
      [before, after].flatMap((side) => (side ? [[side.address, side.entity] as const] : [])),
    ),
  );
  return ({ address, type, change: { before, after, importing } }) => {
    // an import is named as it is declared: somebody else's client may look like another kind
    const values = (importing ? after : before) ?? after ?? {};
    const resource = { address, type, values };
    const found = entities.of(resource);
    if (found.kind !== "other") return found;
    return declared.get(address) ?? entities.ownerOf(resource) ?? found;
  };
}

function compared(
  each: ResourceChange,
  entity: Entity,
  explanation: Explanation | undefined,
): (Drift & { readonly isExplained: boolean })[] {
  const action = actionOf(each);
  if (!action) return [];
  const { address } = each;
  const changes = valueChanges(each)
    .filter(({ attribute, from }) => !explains(explanation, attribute, from))
    .map((value) => hide(value, each));
  const isWhole = action !== "update" && action !== "replace";
  const isExplained =
    explanation !== undefined &&
    (explanation.actions.includes(action) || (!isWhole && changes.length === 0));
  const listed = isWhole && action !== "import" ? [] : changes;
  return [{ address, entity, action, changes: listed, isExplained }];
}

function actionOf({ change }: ResourceChange): Drift["action"] | undefined {
  const { actions } = change;
  if (change.importing) return "import";
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "delete";
  return (["create", "update", "forget"] as const).find((each) => actions.includes(each));
}

/** Whether the declaration changes a value, and Keycloak still has the value declared before. */
function explains(explanation: Explanation | undefined, attribute: string, from: unknown): boolean {
  if (!explanation) return false;
  const isTouched = explanation.changes.some(
    (name) => isWithin(name, attribute) || isWithin(attribute, name),
  );
  const before = explanation.declared.get(attribute);
  const isLiteral = before !== undefined && !JSON.stringify(before).match(reference);
  return isTouched && (!isLiteral || isSameInTerraform(before, from));
}

/** Whether Terraform takes two values for the same: 5 and "5". */
function isSameInTerraform(a: unknown, b: unknown): boolean {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return same(a, b) || text(a) === text(b);
}

/** The values that change. A value that is known only after the apply is left out: it follows from another change. */
function valueChanges({ change }: ResourceChange): ValueChange[] {
  const unknown = leaves(change.after_unknown);
  const isUnknown = (attribute: string) => unknown.get(attribute) === true;
  return pairedLeaves(leaves(change.before), leaves(change.after))
    .filter(({ attribute, from, to }) => !isUnknown(attribute) && !same(from, to))
    .filter(({ from, to }) => !(isBlank(from) && isBlank(to)));
}

function hide(value: ValueChange, { change }: ResourceChange): ValueChange {
  const marked = [change.before_sensitive, change.after_sensitive].some((marks) => {
    if (marks === true) return true;
    return [...leaves(marks)].some(
      ([name, mark]) => mark === true && isWithin(value.attribute, name),
    );
  });
  return marked ? concealed(value) : shown(value);
}
