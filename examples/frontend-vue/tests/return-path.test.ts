import { expect, test } from "vitest";
import { returnPath } from "../src/session/return-path.ts";

test.each(["/", "/orders/42", "/orders?view=full#notes", "/a//b", "/%2F%2Fevil.example"])(
  "returns to the path %s",
  (path) => {
    expect(returnPath(path, "/start")).toBe(path);
    expect(new URL(path, "https://app.example").origin).toBe("https://app.example");
  },
);

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
  expect(returnPath(path, "/start")).toBe("/start");
});
