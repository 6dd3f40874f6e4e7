import { quoted } from "../../text/quoted.ts";

/** Path of a value in a document: field names and list indexes. */
export type Path = readonly (string | number)[];

/** A path as text: `customers.acme.access.atlas-api[1]`. Brackets and quotes surround a name with special characters. */
export function pathText(path: Path): string {
  return path.map(stepText).join("");
}

/** The value at a path of plain data. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(
    (inner, step) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

function stepText(step: string | number, index: number): string {
  if (typeof step === "number") return `[${step}]`;
  if (!/^[\w-]{1,80}$/.test(step)) return `[${quoted(step)}]`;
  return index === 0 ? step : `.${step}`;
}
