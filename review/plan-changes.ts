import type { ResourceChange } from "../terraform/plan.ts";
import { pairs, type Side } from "./pairs.ts";
import type { Subject, ValueChange } from "./review.ts";
import { reference, subjectOf } from "./subject.ts";
import { concealed, differences, isSecretLike, leaves, same } from "./values.ts";

/** What a plan does to a resource that the declaration's change does not explain. */
export interface Drift {
  /** Terraform's address. */
  readonly address: string;
  /** What it is. */
  readonly subject: Subject;
  /** What terraform does to it. */
  readonly action: "create" | "update" | "delete" | "replace" | "forget" | "import";
  /** The values that it changes; of those that are declared, only the ones that are not explained. */
  readonly changes: readonly ValueChange[];
}

/** What terraform would do. */
export interface PlanReview {
  /** Terraform's own counts; a replaced resource is added and destroyed. */
  readonly counts: {
    readonly import: number;
    readonly add: number;
    readonly change: number;
    readonly destroy: number;
  };
  /** What Keycloak has that was not declared, or lacks what was: by hand, or by an apply that failed. */
  readonly drift: readonly Drift[];
}

/** What a plan does, set against what the declaration's change explains. */
export function reviewPlan(
  changes: readonly ResourceChange[],
  base: Side | undefined,
  head: Side,
): PlanReview {
  const count = (action: string) =>
    changes.filter(({ change }) => change.actions.includes(action)).length;
  const explained = explanations(base, head);
  return {
    counts: {
      import: changes.filter(({ change }) => change.importing).length,
      add: count("create"),
      change: count("update"),
      destroy: count("delete"),
    },
    drift: changes
      .flatMap((each) => driftOf(each, explained))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
  };
}

/** By address: the values declared before, and what of them changes; "all" for what comes or goes as a whole. */
type Explanations = ReadonlyMap<string, "all" | Explained>;

interface Explained {
  readonly declared: ReadonlyMap<string, unknown>;
  readonly changes: ReadonlySet<string>;
}

function explanations(base: Side | undefined, head: Side): Explanations {
  const found = new Map<string, "all" | Explained>();
  for (const { before, after } of pairs(base, head)) {
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
  const subject = subjectOf(address, type, change.before ?? change.after ?? {});
  return [{ address, subject, action, changes: whole ? [] : changes }];
}

function actionOf({ change }: ResourceChange): Drift["action"] | undefined {
  const { actions } = change;
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "delete";
  const single = (["create", "update", "forget"] as const).find((each) => actions.includes(each));
  return single ?? (change.importing ? "import" : undefined);
}

/** The declaration says that the value changes, and Keycloak still has what was declared before. */
function explains({ declared, changes }: Explained, attribute: string, from: unknown): boolean {
  const touched = [...changes].some(
    (name) =>
      name === attribute || name.startsWith(`${attribute}.`) || attribute.startsWith(`${name}.`),
  );
  const before = declared.get(attribute);
  const isLiteral = before !== undefined && !JSON.stringify(before).match(reference);
  return touched && (!isLiteral || same(before, from));
}

/** The values that change; one that terraform learns only as it applies is a consequence of another. */
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
    .filter(({ from: a, to: b }) => !(isNothing(a) && isNothing(b)));
}

/** Terraform's plan says null where Keycloak says nothing. */
function isNothing(value: unknown): boolean {
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
