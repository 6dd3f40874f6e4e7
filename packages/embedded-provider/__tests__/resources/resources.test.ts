import { expect, test } from "@jest/globals";
import { loadSchema, type Block } from "../../src/protocol/schema.ts";
import { resourceTypes } from "../../src/resources/resources.ts";
import type { Shape } from "../../src/shape/shape.ts";

function differences(block: Block, shape: Shape, path: string): string[] {
  const attributes = Object.keys(block.attributes ?? {}).filter((name) => name !== "id");
  const missing = attributes.filter(
    (name) => !(name in shape.fields) && block.attributes?.[name]?.computed !== true,
  );
  const unknown = Object.keys(shape.fields).filter((name) => !attributes.includes(name));
  const nested = Object.entries(block.block_types ?? {}).flatMap(([name, { block: inner }]) => {
    const known = shape.blocks?.[name];
    return known === undefined ? [`${path}.${name}`] : differences(inner, known, `${path}.${name}`);
  });
  return [...[...missing, ...unknown].map((name) => `${path}.${name}`), ...nested];
}

test.each([...resourceTypes.values()].map(({ name, shape }) => ({ name, shape })))(
  "the shape of $name has the attributes and blocks of the official schema, and no others",
  ({ name, shape }) => {
    const { block = {} } = loadSchema().resource_schemas[name] ?? {};
    expect(differences(block, shape, name)).toEqual([]);
  },
);
