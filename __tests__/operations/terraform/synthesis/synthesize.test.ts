import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { synthesize } from "../../../../operations/terraform/synthesis/synthesize.ts";

let root: string;
let folder: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "synthesize-")));
  folder = join(root, "srv");
  mkdirSync(folder);
  symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const imported = (file: string) => JSON.stringify(join(process.cwd(), file));

/** Synthesizes a main.ts that declares a frontend, and a state in a file. */
async function synthesized(redirectUri: string, path: string) {
  writeFileSync(
    join(folder, "main.ts"),
    `import { App } from "cdktf";
import { BackendClient } from ${imported("constructs/backend-client.ts")};
import { FrontendClient } from ${imported("constructs/frontend-client.ts")};
import { RealmStack } from ${imported("constructs/realm-stack.ts")};
const app = new App();
const state = { type: "local", path: ${JSON.stringify(path)} } as const;
const stack = new RealmStack(app, "atlas", { realm: "atlas", keycloak: { url: "https://login.example.com" }, state });
new BackendClient(stack, "api", { permissions: [] });
new FrontendClient(stack, "frontend", { redirectUris: [${JSON.stringify(redirectUri)}], access: { api: [] } });
app.synth();
`,
  );
  return synthesize(join(root, "out"), { PATH: process.env.PATH }, { folder });
}

describe("the path of the checkout", () => {
  test("is cut from the path of a local state, so that it is not part of the declaration", async () => {
    const { surroundings } = await synthesized("https://app.example.com/", "atlas.tfstate");
    expect(surroundings.terraform).toMatchObject({ backend: { local: { path: "atlas.tfstate" } } });
  });

  test("is not cut from a path elsewhere", async () => {
    const { surroundings } = await synthesized("https://app.example.com/", "/states/atlas.tfstate");
    expect(surroundings.terraform).toMatchObject({
      backend: { local: { path: "/states/atlas.tfstate" } },
    });
  });

  test("is not cut from a redirect URI that contains it", async () => {
    const uri = `https://app.example.com${folder}/callback`;
    const { resources } = await synthesized(uri, "atlas.tfstate");
    const uris = Object.values(resources).flatMap(
      ({ valid_redirect_uris }) => valid_redirect_uris ?? [],
    );
    expect(uris).toEqual([uri]);
  });
});

test("a main.ts may have threads of its own", async () => {
  writeFileSync(
    join(folder, "main.ts"),
    `import { once } from "node:events";
import { Worker } from "node:worker_threads";
await once(new Worker("setTimeout(() => {}, 600)", { eval: true }), "exit");
`,
  );
  await expect(synthesize(join(root, "out"), {}, { folder })).rejects.toMatchObject({
    message: expect.stringContaining("main.ts declares no RealmStack") as unknown,
  });
});

test("a main.ts that is ended by a signal is reported", async () => {
  writeFileSync(join(folder, "main.ts"), 'process.kill(process.pid, "SIGKILL");\n');
  await expect(synthesize(join(root, "out"), {}, { folder })).rejects.toMatchObject({
    exitStatus: 1,
    message: "main.ts was ended by SIGKILL",
  });
});
