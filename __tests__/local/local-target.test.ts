import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import type { LocalProject } from "../../local/local-project.ts";
import { RefusedError, UnavailableError } from "../../text/errors.ts";

const root = mkdtempSync(join(tmpdir(), "local-target-"));
// the state folder is computed when its module is imported
process.env.XDG_STATE_HOME = root;
const { demoProject, teamProject } = await import("../../local/local-project.ts");
const { needUsableState } = await import("../../local/local-target.ts");
const { stateFolder } = await import("../../system/folders.ts");

afterEach(() => {
  rmSync(stateFolder, { recursive: true, force: true });
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Writes the state of a project. @returns its file */
function writeState({ folder }: LocalProject, text: string): string {
  const file = join(stateFolder, folder, "terraform.tfstate");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** A state with one resource. */
function stateWith(type: string, attributes: object): string {
  const resources = [{ mode: "managed", type, name: "one", instances: [{ attributes }] }];
  return JSON.stringify({ version: 4, serial: 1, lineage: "1-2-3", resources });
}

const realm = (name: string) => stateWith("keycloak_realm", { id: name, realm: name });
const client = (name: string) =>
  stateWith("keycloak_openid_client", { id: "1-2-3", realm_id: name, client_id: "acme" });

describe.each([
  ["the team's project", teamProject, demoProject],
  ["the demo", demoProject, teamProject],
])("%s", (_, project, other) => {
  test.each([
    ["there is no state", () => undefined],
    ["the states are about two realms", () => [realm("own"), client("other")]],
    ["only its own state has the realm", () => [realm("own"), undefined]],
    ["the states are empty, which killed terraforms leave", () => ["", ""]],
    ["the other project's state is damaged", () => [realm("own"), '{ "version": 4 }']],
  ])("can be deployed if %s", async (_title, states) => {
    const [own, others] = states() ?? [];
    if (own !== undefined) writeState(project, own);
    if (others !== undefined) writeState(other, others);
    await expect(needUsableState(project, "own")).resolves.toBeUndefined();
  });

  test.each([
    ["a realm", realm("own")],
    ["a client in a realm that it does not manage", client("own")],
  ])("is refused a realm in which the other project manages %s", async (_title, text) => {
    writeState(other, text);
    const refusal = needUsableState(project, "own");
    await expect(refusal).rejects.toThrow(RefusedError);
    await expect(refusal).rejects.toThrow(
      `${other.command} has deployed the realm "own" to the local Keycloak, and ${project.command} needs one of its own; rename the realm in main.ts`,
    );
  });

  test("is refused if its state is damaged", async () => {
    const file = writeState(project, '{ "version": 4 }');

    const refusal = needUsableState(project, "own");
    await expect(refusal).rejects.toThrow(UnavailableError);
    await expect(refusal).rejects.toThrow(
      `${file} is damaged; restore the file from terraform.tfstate.backup next to it, or `,
    );
  });
});
