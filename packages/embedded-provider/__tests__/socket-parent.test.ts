import { expect, test } from "@jest/globals";
import { socketParent } from "../src/socket-parent.ts";

test("sockets are in the temporary folder", () => {
  expect(socketParent("/var/tmp", "provider.sock")).toBe("/var/tmp");
});

test("sockets are in /tmp if the temporary folder makes the path of a socket too long", () => {
  expect(socketParent(`/var/${"t".repeat(84)}`, "provider.sock")).toBe(`/var/${"t".repeat(84)}`);
  expect(socketParent(`/var/${"t".repeat(85)}`, "provider.sock")).toBe("/tmp");
});
