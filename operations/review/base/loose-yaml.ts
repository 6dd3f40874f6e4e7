import { parse } from "yaml";

/** A mapping that nobody has validated yet. */
type Mapping = Readonly<Record<string, unknown>>;

/** The mapping in a YAML text, as far as it can be read, whatever today's code expects of it; an empty one if there is none. */
export function looseMapping(text: string): Mapping {
  try {
    return mappingOf(parse(text, { logLevel: "silent" }));
  } catch {
    return {};
  }
}

/** A value if it is a mapping, or else an empty one. */
export function mappingOf(value: unknown): Mapping {
  return typeof value === "object" && value !== null ? (value as Mapping) : {};
}
