import { join } from "node:path";
import { parse } from "acorn";
import { beforeAll, expect, test } from "vitest";
import { build, normalizePath } from "vite";

/** Syntax of ES2024 and ES2026, so that the test fails if the build keeps it. */
const newer = `
  globalThis.pattern = /[\\p{L}--[a-z]]/v;
  { using resource = { [Symbol.dispose]: () => console.log("disposed") }; }
`;
let scripts: readonly string[] = [];

beforeAll(async () => {
  Object.assign(process.env, {
    VITE_KEYCLOAK_URL: "https://login.example.com",
    VITE_KEYCLOAK_REALM: "atlas",
    VITE_KEYCLOAK_CLIENT_ID: "atlas-frontend",
    VITE_API_URL: "https://api.example.com",
    VITE_POST_LOGOUT_REDIRECT_URI: "",
    NODE_ENV: "production",
  });
  const root = join(import.meta.dirname, "..");
  const main = join(root, "src/main.ts");
  const built = await build({
    ...{ root, logLevel: "silent", build: { write: false } },
    plugins: [
      {
        name: "newer-syntax",
        enforce: "pre",
        transform: (code, id) => (normalizePath(main) === id ? code + newer : undefined),
      },
    ],
  });
  const outputs = [built].flat().flatMap((each) => ("output" in each ? each.output : []));
  scripts = outputs.flatMap((each) => (each.type === "chunk" ? [each.code] : []));
});

// ES2022 is what the oldest browsers in vite.config.ts understand.
test("the built page has no newer syntax than ES2022", () => {
  expect(scripts.join("")).toContain("disposed");
  for (const script of scripts)
    expect(() => parse(script, { ecmaVersion: 2022, sourceType: "module" })).not.toThrow();
});

test.each(["withResolvers", "fromAsync", "groupBy", "canParse"])(
  "the built page does not call %s, which the oldest browsers lack",
  (name) => {
    expect(scripts.filter((script) => script.includes(`.${name}(`))).toHaveLength(0);
  },
);
