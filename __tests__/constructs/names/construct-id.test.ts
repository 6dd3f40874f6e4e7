import { expect, test } from "@jest/globals";
import { constructId } from "../../../constructs/names/construct-id.ts";

test.each([
  ["acme", "@acme"],
  ["orders:read", "@orders:read"],
  ["a/b", "@a%2Fb"],
  ["a%2Fb", "@a%252Fb"],
  ["${TfToken[TOKEN.0]}", "@%24{TfToken[TOKEN.0]}"],
  ["constructor", "@constructor"],
])("the construct id of %j is %j", (name, id) => {
  expect(constructId("@", name)).toBe(id);
});
