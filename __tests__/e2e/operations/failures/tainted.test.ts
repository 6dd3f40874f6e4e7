import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { plan, untaintedIn } from "../../../../operations/terraform/plan.ts";
import { taintedAddresses, untaintSince } from "../../../../operations/terraform/state/state.ts";
import {
  terraform,
  terraformVariables,
  type Workspace,
} from "../../../../operations/terraform/terraform.ts";

const keys = ["plain", 'with "quotes" and ${dollars}'];
const items = keys.map((key) => key.replace("${", () => "$${"));

let workspace: Workspace;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "tainted-"));
  workspace = { folder, variables: terraformVariables(process.env) };
  await mkdir(join(folder, "inner"));
  const item = { terraform_data: { item: { for_each: `\${toset(${JSON.stringify(items)})}` } } };
  await writeFile(join(folder, "inner/main.tf.json"), JSON.stringify({ resource: item }));
  const root = {
    module: { inner: { source: "./inner", count: 2 } },
    resource: { terraform_data: { single: {}, several: { count: 2 } } },
  };
  await writeFile(join(folder, "main.tf.json"), JSON.stringify(root));
  await terraform(workspace, ["init", "-no-color"]);
  await terraform(workspace, ["apply", "-no-color", "-auto-approve"]);
});
afterAll(() => rm(workspace.folder, { recursive: true }));

test("keeps resources of a plan with modules and indexes, and leaves those tainted that were tainted before, or are not in the plan", async () => {
  const before = ["terraform_data.single", 'module.inner[1].terraform_data.item["plain"]'];
  for (const address of before) await terraform(workspace, ["taint", address]);
  const found = await taintedAddresses(workspace);
  expect([...found].sort()).toEqual([...before].sort());
  const targets = ["module.inner", "terraform_data.several[1]"];
  const changes = await plan(workspace, join(workspace.folder, "some.tfplan"), targets);

  const since = [
    "terraform_data.several[1]",
    'module.inner[0].terraform_data.item["plain"]',
    'module.inner[1].terraform_data.item["with \\"quotes\\" and $${dollars}"]',
  ];
  for (const address of since) await terraform(workspace, ["taint", address]);
  await terraform(workspace, ["taint", "terraform_data.several[0]"]);
  const kept = await untaintSince(workspace, untaintedIn(changes));
  expect(kept.sort()).toEqual([...since].sort());
  expect(await taintedAddresses(workspace)).toEqual(
    new Set([...found, "terraform_data.several[0]"]),
  );
});
