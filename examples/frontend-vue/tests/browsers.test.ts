import { parse } from "acorn";
import { beforeAll, expect, test } from "vitest";
import { build } from "vite";

let scripts: readonly string[] = [];

beforeAll(async () => {
  Object.assign(process.env, {
    VITE_KEYCLOAK_URL: "https://login.example.com",
    VITE_KEYCLOAK_REALM: "atlas",
    VITE_KEYCLOAK_CLIENT_ID: "atlas-frontend",
    VITE_API_URL: "https://api.example.com",
    NODE_ENV: "production",
  });
  const built = await build({
    root: new URL("..", import.meta.url).pathname,
    logLevel: "silent",
    build: { write: false },
  });
  const outputs = [built].flat().flatMap((each) => ("output" in each ? each.output : []));
  scripts = outputs.flatMap((each) => (each.type === "chunk" ? [each.code] : []));
});

// ES2022 is what the oldest browsers in vite.config.ts understand.
test("the built page has no newer syntax than ES2022", () => {
  expect(scripts).not.toEqual([]);
  for (const script of scripts)
    expect(() => parse(script, { ecmaVersion: 2022, sourceType: "module" })).not.toThrow();
});

test.each(["withResolvers", "fromAsync", "groupBy", "canParse"])(
  "the built page does not call %s, which the oldest browsers lack",
  (name) => {
    expect(scripts.filter((script) => script.includes(`.${name}(`))).toHaveLength(0);
  },
);
