import { expect, test } from "@jest/globals";
import { portOf } from "../../local/keycloak/port.ts";
import { UsageError } from "../../text/errors.ts";

test.each([
  [undefined, undefined],
  ["", undefined],
  ["1", 1],
  ["8080", 8080],
  ["65535", 65_535],
])("KEYCLOAK_PORT %j is the port %j", (value, port) => {
  expect(portOf(value === undefined ? {} : { KEYCLOAK_PORT: value })).toBe(port);
});

test.each([
  ["0"],
  ["65536"],
  ["99999"],
  ["100000"],
  ["abc"],
  ["80a"],
  ["8080.5"],
  ["1e3"],
  ["-1"],
  [" 8080"],
])("refuses KEYCLOAK_PORT %j, and repeats it in the message", (value) => {
  const check = () => portOf({ KEYCLOAK_PORT: value });
  expect(check).toThrow(UsageError);
  expect(check).toThrow(
    `KEYCLOAK_PORT: "${value}" is not a port; set a number from 1 to 65535, such as 8080`,
  );
});
