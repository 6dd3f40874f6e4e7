import { asText, isRecord, type State, type Value } from "../../protocol/value.ts";
import type { Json } from "../../keycloak/json.ts";

/** A kind of part of a client policy, as Keycloak names it. */
export type PartKind = "executor" | "condition";

/** The JSON of the executors of a profile, or of the conditions of a policy. Text that begins like JSON is sent as JSON. */
export function partsToJson(kind: PartKind, parts: Value | undefined): Json[] {
  return items(parts).map((part) => {
    const name = asText(part.name);
    const configuration = isRecord(part.configuration) ? part.configuration : {};
    const entries = Object.entries(configuration).map(([key, value]) => {
      // Keycloak's condition on attributes is the only part whose configuration stays text
      const isText = name === "client-attributes" || !/^[[{]/.test(asText(value));
      return [key, isText ? value : parsed(asText(value))];
    });
    return { [kind]: name, configuration: Object.fromEntries(entries) as Json };
  });
}

/** The executors or conditions of Keycloak's JSON, with lists and objects as text. */
export function partsFromJson(kind: PartKind, parts: unknown): State[] {
  return ((parts ?? []) as Json[]).map((part) => {
    const configuration = Object.entries((part.configuration ?? {}) as Json);
    return {
      name: String(part[kind]),
      configuration: Object.fromEntries(configuration.map(([key, value]) => [key, text(value)])),
    };
  });
}

function items(parts: Value | undefined): State[] {
  return Array.isArray(parts) ? parts.filter(isRecord) : [];
}

// as in the official provider, text that only begins like JSON becomes null
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : goJson(value);
}

/** JSON as Go writes it: without spaces, objects by key, and characters of HTML escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
