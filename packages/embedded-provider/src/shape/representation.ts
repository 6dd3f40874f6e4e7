import type { Json } from "../keycloak/json.ts";
import { zeroValue, type Block, type Type } from "../protocol/schema.ts";
import { isRecord, isZero, type State, type Value } from "../protocol/value.ts";
import type { BlockShape, Field, Shape } from "./shape.ts";

/** The only nested block of that name; undefined if there is none. */
export function nestedBlock(state: State, name: string): State | undefined {
  const items = state[name];
  const first = Array.isArray(items) ? items[0] : undefined;
  return isRecord(first) ? first : undefined;
}

/** Writes every attribute that has a place in Keycloak's representation. */
export function toRepresentation(block: Block, shape: Shape, state: State): Json {
  const json: Json = {};
  writeBody(json, block, shape, state);
  return json;
}

function writeBody(json: Json, block: Block, shape: Shape, state: State): void {
  writeFields(json, block, shape, state);
  for (const [name, inner] of Object.entries(shape.blocks ?? {})) {
    const nested = block.block_types?.[name]?.block;
    const body = nestedBlock(state, name) ?? absentBody(inner);
    if (nested !== undefined && body !== undefined) writeBody(json, nested, inner, body);
  }
}

function absentBody({ absent = "nothing", fields }: BlockShape): State | undefined {
  if (absent === "nothing") return undefined;
  if (absent === "zeros") return {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.default ?? null]),
  );
}

function writeFields(json: Json, block: Block, shape: Shape, state: State): void {
  for (const [name, field] of Object.entries(shape.fields)) {
    const { at, as, orElse, omitZero } = field;
    const type = block.attributes?.[name]?.type;
    // the shape may have fields that this version of the schema does not have
    if (at === undefined || type === undefined) continue;
    const own = state[name] ?? zeroValue(type);
    const value = isZero(own) && orElse !== undefined ? orElse : own;
    const encoded = as === undefined ? value : as.encode(value);
    if (omitZero === true && (isZero(value) || encoded === 0)) continue;
    if (typeof at === "string") json[at] = encoded;
    else json[at[0]] = { ...(json[at[0]] as Json | undefined), [at[1]]: encoded };
  }
}

/** Sets every attribute that has a place in Keycloak's representation to Keycloak's value; nested blocks are not read. */
export function readRepresentation(block: Block, shape: Shape, json: Json, state: State): void {
  for (const [name, field] of Object.entries(shape.fields)) {
    const type = block.attributes?.[name]?.type;
    if (field.at !== undefined && type !== undefined) state[name] = readField(type, field, json);
  }
}

function readField(type: Type, { at, as }: Field, json: Json): Value {
  const found =
    typeof at === "string" ? json[at] : (json[at?.[0] ?? ""] as Json | undefined)?.[at?.[1] ?? ""];
  if (found === undefined || found === null) return as?.zero ?? zeroValue(type);
  return as === undefined ? (found as Value) : as.decode(found);
}
