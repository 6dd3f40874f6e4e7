import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Repository } from "../../../operations/review/repository.ts";

const repository = new Repository();

beforeAll(() => {
  repository.copyProject();
  repository.commit("the project");
});

afterEach(() => {
  repository.git("reset", "--quiet", "--hard");
});

afterAll(() => {
  repository.remove();
});

/** Replaces text in a file of the project, and reviews that. */
async function reviewWith(file: string, text: string, by: string) {
  const before = readFileSync(join(repository.folder, file), "utf8");
  expect(before).toContain(text);
  repository.write({ [file]: before.replace(text, by) });
  return repository.review(["--base", "main"]);
}

const customerClient = "constructs/customer-client.ts";

describe("npm run review refuses code that makes resources differ from the declaration:", () => {
  test.each([
    [
      "a permission for every customer",
      customerClient,
      "...scopesOfCustomers, ...scopes()",
      '...scopesOfCustomers, ...scopes(), "orders:write"',
      'customers/@acme     the client "acme" has "orders:write", which is not declared',
    ],
    [
      "a suspension of every customer",
      customerClient,
      "enabled,\n        ...authenticationArguments",
      "enabled: false,\n        ...authenticationArguments",
      "customers/@acme    enabled is false, but true is declared",
    ],
    [
      "another client id",
      customerClient,
      "clientId: id,",
      "clientId: `x-${id}`,",
      'the client "acme" is declared, but no resource has this client id',
    ],
    [
      "a client with a known secret and all permissions",
      "main.ts",
      "app.synth();",
      `const { OpenidClient } = await import("@cdktf/provider-keycloak/lib/openid-client");
       const { OpenidClientDefaultScopes } = await import("@cdktf/provider-keycloak/lib/openid-client-default-scopes");
       const realmId = atlas.realmId;
       const backdoor = new OpenidClient(atlas, "b", {
         realmId, clientId: "backdoor", accessType: "CONFIDENTIAL", serviceAccountsEnabled: true, clientSecretWo: "known-to-me" });
       new OpenidClientDefaultScopes(atlas, "s", {
         realmId, clientId: backdoor.id, defaultScopes: ["atlas-api-audience", "orders:read", "orders:write"] });
       app.synth();`,
      'the client "backdoor" has "atlas-api-audience", "orders:read", "orders:write", which is not declared',
    ],
  ])("%s", async (_, file, text, by, problem) => {
    const { exitCode, stdout, stderr } = await reviewWith(file, text, by);
    expect(stderr).toContain(problem);
    expect(stdout).toBe("");
    expect(exitCode).toBe(1);
  });
});

describe("npm run review reports", () => {
  test("a client of main.ts without access, with its arguments, but not its secret", async () => {
    const { exitCode, stdout } = await reviewWith(
      "main.ts",
      "app.synth();",
      `const { OpenidClient } = await import("@cdktf/provider-keycloak/lib/openid-client");
       new OpenidClient(atlas, "m", {
         realmId: atlas.realmId, clientId: "monitoring", accessType: "CONFIDENTIAL", clientSecretWo: "known-to-me" });
       app.synth();`,
    );
    expect(stdout).toContain("| API `monitoring` | `keycloak_openid_client.m` | added |");
    expect(stdout).toContain("`client_secret_wo`: `(hidden)`");
    expect(stdout).not.toContain("known-to-me");
    expect(exitCode).toBe(0);
  });

  test("blocks of main.ts that are no resources", async () => {
    const blocks = {
      "data.external.x": { program: ["sh", "-c", "true"] },
      "module.extra": { source: "./extra" },
      "output.s": { value: "1" },
      removed: [{ from: "keycloak_role.a" }],
      import: [{ to: "keycloak_role.a", id: "1" }],
      locals: { x: 1 },
    };
    const overrides = Object.entries(blocks).map(
      (block) => `atlas.addOverride(${block.map((each) => JSON.stringify(each)).join(", ")});`,
    );
    const { exitCode, stdout } = await reviewWith(
      "main.ts",
      "app.synth();",
      [...overrides, "app.synth();"].join("\n"),
    );
    for (const value of [
      ...["data.external.x.program", "module.extra.source", "output.s.value"],
      ...["removed.from", "import.id", "locals.x"],
    ])
      expect(stdout).toContain(`| \`${value}\` |`);
    expect(exitCode).toBe(0);
  });
});
