/** Both directions between a state and Keycloak's JSON, derived from a resource's shape. */
import type { Json } from "./keycloak.ts";
import { zero, type Block, type Type } from "./schema.ts";
import type { BlockShape, Field, Shape } from "./shape.ts";
import { isRecord, isZero, type State, type Value } from "./value.ts";

/** The value of an attribute, or its type's zero value when it is null. */
export function valueOf(block: Block, state: State, name: string): Value {
  return state[name] ?? zero(block.attributes?.[name]?.type ?? "string");
}

/** The one block of that name, or undefined when it is absent. */
export function blockOf(state: State, name: string): State | undefined {
  const items = state[name];
  const first = Array.isArray(items) ? items[0] : undefined;
  return isRecord(first) ? first : undefined;
}

/** Everything that the shape has a place for, as Keycloak wants it. */
export function write(block: Block, shape: Shape, state: State): Json {
  const json: Json = {};
  writeInto(json, block, shape, state);
  return json;
}

function writeInto(json: Json, block: Block, shape: Shape, state: State): void {
  writeFields(json, block, shape, state);
  for (const [name, inner] of Object.entries(shape.blocks ?? {})) {
    const nested = block.block_types?.[name]?.block;
    const body = blockOf(state, name) ?? substitute(inner);
    if (nested !== undefined && body !== undefined) writeInto(json, nested, inner, body);
  }
}

/** What an absent block is written as. */
function substitute({ absent = "nothing", fields }: BlockShape): State | undefined {
  if (absent === "nothing") return undefined;
  if (absent === "zeros") return {};
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.default ?? null]),
  );
}

function writeFields(json: Json, block: Block, shape: Shape, state: State): void {
  for (const [name, field] of Object.entries(shape.fields)) {
    const { at, orElse } = field;
    // A field that the shape knows and this version of the schema does not is nobody's to write.
    if (at === undefined || block.attributes?.[name] === undefined) continue;
    const own = valueOf(block, state, name);
    const value = isZero(own) && orElse !== undefined ? orElse : own;
    const encoded = field.as === undefined ? value : field.as.encode(value);
    if (field.omitZero === true && (isZero(value) || encoded === 0)) continue;
    if (typeof at === "string") json[at] = encoded;
    else json[at[0]] = { ...(json[at[0]] as Json | undefined), [at[1]]: encoded };
  }
}

/** Sets every attribute of the state that the shape has a place for to what Keycloak says. */
export function read(block: Block, shape: Shape, json: Json, state: State): void {
  for (const [name, field] of Object.entries(shape.fields)) {
    const type = block.attributes?.[name]?.type;
    if (field.at !== undefined && type !== undefined) state[name] = readField(type, field, json);
  }
}

function readField(type: Type, { at, as }: Field, json: Json): Value {
  const found =
    typeof at === "string" ? json[at] : (json[at?.[0] ?? ""] as Json | undefined)?.[at?.[1] ?? ""];
  if (found === undefined || found === null) return as?.zero ?? zero(type);
  return as === undefined ? (found as Value) : as.decode(found);
}
