import { expect, test } from "vitest";
import { returnPath } from "../src/session/return-path.ts";

const page = "https://app.example/start";

test.each([
  "/",
  "/orders/42",
  "/orders?view=full#notes",
  "/orders#C:\\notes",
  "/a//b",
  "/%2F%2Fevil.example",
])("returns to the path %s", (path) => {
  expect(returnPath(path, page)).toBe(path);
  expect(new URL(path, page).origin).toBe("https://app.example");
});

test.each([
  "//evil.example/",
  "/\\evil.example/",
  "\\\\evil.example/",
  "/\t/evil.example/",
  "/\n/evil.example/",
  "https://evil.example/",
  "javascript:alert(1)",
  "orders",
  "",
  undefined,
  { path: "/" },
])("does not return to %j", (path) => {
  expect(returnPath(path, page)).toBe("/start");
});
