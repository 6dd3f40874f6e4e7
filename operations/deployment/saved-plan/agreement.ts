import { createHash } from "node:crypto";
import { z } from "zod";
import { entityKey, kinds } from "../../review/compare/resources/entity.ts";
import { isBlank, isWithin, leaves, pairedLeaves, same } from "../../review/compare/values.ts";
import { RefusedError } from "../../../text/errors.ts";
import { effective, type Planned, type ResourceChange } from "../../terraform/plan.ts";

const changeSchema = z.object({
  /** Terraform's address. */
  address: z.string(),
  /** Terraform's actions, see {@link ResourceChange}. */
  actions: z.array(z.string()),
  /** The import id of a resource that is imported, otherwise null. */
  importId: z.string().nullable(),
  /** Names of the values that are known only after the apply. */
  unknown: z.array(z.string()),
  /** Names of the values that change, of a resource that exists before. */
  changed: z.array(z.string()),
  /** Hash of the other values, without sensitive ones. */
  values: z.string(),
});

/** Schema of an {@link Agreement}. */
export const agreementSchema = z.object({
  /** The resources that the plan changes. */
  changes: z.array(changeSchema),
  /** See {@link Planned}. */
  adopted: z.array(z.object({ kind: z.enum(kinds), name: z.string() })),
});

/** What somebody agreed to by a plan, without the plan's values. A later plan can be compared with it. */
export type Agreement = z.infer<typeof agreementSchema>;

type AgreedChange = Agreement["changes"][number];

/** The agreement to a plan. */
export function agreementOf({ changes, adopted }: Planned): Agreement {
  return {
    changes: effective(changes).map(({ address, change }) => {
      const unknown = trueNames(change.after_unknown);
      return {
        ...{ address, actions: [...change.actions], unknown, changed: changedNames(change) },
        importId: change.importing?.id ?? null,
        values: hashOf(change, unknown),
      };
    }),
    adopted: adopted.map(({ kind, name }) => ({ kind, name })),
  };
}

/** The addresses at which a plan does something that was not agreed to; an adopted entity is named instead of its address. */
export function beyond({ changes, adopted }: Planned, agreement: Agreement): string[] {
  const agreed = new Map(agreement.changes.map((change) => [change.address, change]));
  const agreedAdoptions = new Set(agreement.adopted.map(entityKey));
  return [
    ...effective(changes)
      .filter(({ address, change }) => !isAgreed(change, agreed.get(address)))
      .map(({ address, change }) => `${actionText(change)} ${address}`),
    ...adopted
      .map(entityKey)
      .filter((key) => !agreedAdoptions.has(key))
      .map((key) => `import ${key}`),
  ];
}

/** The refusal of what goes beyond an agreement; see {@link beyond}. */
export function beyondAgreement(more: readonly string[]): RefusedError {
  const list = more.map((each) => `    ${each}`).join("\n");
  return new RefusedError(`what is left goes beyond what was agreed to:\n${list}`);
}

/** Terraform's actions on a resource, as a text. */
export function actionText({ actions, importing }: ResourceChange["change"]): string {
  const all = [...(importing ? ["import"] : []), ...actions.filter((each) => each !== "no-op")];
  return all.join(" and ");
}

/**
 * Whether a change is what was agreed to, or what is left of it: a resource that was to be created may exist by now, so that it is imported
 * or updated, or a resource that was to be recreated is deleted.
 */
function isAgreed(change: ResourceChange["change"], agreed: AgreedChange | undefined): boolean {
  if (!agreed) return false;
  const { actions, importing } = change;
  const creates = agreed.actions.includes("create");
  if (actions.some((each) => each === "delete" || each === "forget"))
    return (
      actions.join() === agreed.actions.join() && hashOf(change, agreed.unknown) === agreed.values
    );
  if (actions.includes("create") && !creates) return false;
  if (importing && !creates && importing.id !== agreed.importId) return false;
  return (
    changedNames(change).every((name) => mayChange(name, agreed)) &&
    hashOf(change, agreed.unknown) === agreed.values
  );
}

/**
 * Whether a value may change now. Otherwise somebody has changed it since, for example suspended a customer. Of a resource that was to be
 * created, a creation that failed halfway may lack anything, but nobody has suspended it.
 */
function mayChange(name: string, { actions, changed }: AgreedChange): boolean {
  return actions.includes("create") ? name !== "enabled" : changed.includes(name);
}

/** Names of the values that change, without those that only terraform or Keycloak leaves out; none of a resource that is new. */
function changedNames({ before, after, after_unknown: marks }: ResourceChange["change"]): string[] {
  if (!before || !after) return [];
  const unknown = trueNames(marks);
  return differingNames(before, after).filter(
    (name) => !unknown.some((each) => isWithin(name, each)),
  );
}

/** Names of the values that differ, without those that only terraform or Keycloak leaves out. */
export function differingNames(before: unknown, after: unknown): string[] {
  return pairedLeaves(leaves(before), leaves(after)).flatMap(({ attribute, from, to }) =>
    same(from, to) || (isLeftOut(from) && isLeftOut(to)) ? [] : [attribute],
  );
}

/** Hash of the values after a change. Values that terraform and Keycloak take for the same, such as null and "", have the same hash. */
function hashOf(
  { after, after_sensitive: sensitive }: ResourceChange["change"],
  unknown: readonly string[],
): string {
  const uncompared = [...unknown, ...trueNames(sensitive)];
  const isUncompared = (name: string) =>
    uncompared.some((each) => each === "" || isWithin(name, each));
  const values = [...leaves(after)]
    .filter(([name, value]) => !isUncompared(name) && !isLeftOut(value))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `sha256:${createHash("sha256").update(JSON.stringify(values)).digest("hex")}`;
}

/** Names at which a plan has the mark true, for example for unknown values. */
function trueNames(marks: unknown): string[] {
  return [...leaves(marks)].filter(([, mark]) => mark === true).map(([name]) => name);
}

/** Whether a created and an imported resource may have the value or not, with the same meaning. */
function isLeftOut(value: unknown): boolean {
  return isBlank(value) || value === false || value === 0;
}
