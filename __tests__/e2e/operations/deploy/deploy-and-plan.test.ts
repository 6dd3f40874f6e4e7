import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { endToEnd } from "../../support/end-to-end.ts";
import type { Passing } from "../../examples/support/gateway.ts";
import {
  createsClient,
  GatedProject,
  isWrite,
  onFirst,
} from "../../support/projects/gated-project.ts";

const { root, otherProgram, official } = endToEnd();
const describeChange = otherProgram === undefined ? describe.skip : describe;
const realm = "commands";

let project: GatedProject;

beforeAll(async () => {
  project = await GatedProject.create(root, realm, "{type: local}");
  await project.add("shown");
  await project.clone.commitEverything();
  await leaveFileInStack();
  await project.deploy();
});
afterEach(() => {
  project.gateway.rules = {};
});
afterAll(async () => {
  await project.admin.realms.del({ realm });
  await project.remove();
});

/** Leaves a file in the folder of the synthesized declaration, which would run a command if terraform applied it. */
const leaveFileInStack = async () => {
  const provisioner = [{ "local-exec": { command: `touch '${project.path("proof")}'` } }];
  const leftover = { resource: { terraform_data: { extra: { provisioner } } } };
  await mkdir(project.path("cdktf.out/stacks/atlas"), { recursive: true });
  await writeFile(project.path("cdktf.out/stacks/atlas/extra.tf.json"), JSON.stringify(leftover));
};

const clientOf = (id: string) => findClient(project.admin, realm, id);
/** Terraform's state, parsed. */
const state = async () =>
  JSON.parse(await readFile(project.path("terraform.atlas.tfstate"), "utf8")) as {
    serial: number;
    lineage: string;
    resources: { type: string; name: string; instances: { status?: string | undefined }[] }[];
  };

/** Marks the resources of the state whose name begins so, or removes the mark. */
const mark = async (beginning: string, status: "tainted" | undefined) => {
  const all = await state();
  const marked = all.resources.filter(({ name }) => name.startsWith(beginning));
  for (const { instances } of marked) for (const instance of instances) instance.status = status;
  await writeFile(project.path("terraform.atlas.tfstate"), JSON.stringify(all));
};

describe("a deploy", () => {
  test("makes a second plan, deploy or reset in the same checkout wait, and give up", async () => {
    await project.addInCommit("locked");
    let others: Awaited<ReturnType<typeof project.deploy>>[] = [];
    project.gateway.rules = {
      before: onFirst(createsClient, async () => {
        others = await Promise.all([project.clone.npm("plan"), project.clone.npm("reset")]);
      }),
    };
    const first = await project.deploy();
    expect(first.exitCode).toBe(0);
    expect(others).toHaveLength(2);
    for (const { output, exitCode } of others) {
      expect(output).toContain(
        'another command is working on the environment "gated" in this checkout',
      );
      expect(exitCode).toBe(3);
    }
  });

  test("logs in once itself, and once for terraform", async () => {
    await project.addInCommit("logged-in");
    let logins = 0;
    const countLogin = (passing: Passing) => {
      if (isWrite("POST", /\/token$/)(passing)) logins += 1;
      return Promise.resolve(undefined);
    };
    project.gateway.rules = { before: countLogin };
    const { output, exitCode } = await project.deploy();
    expect(output).toContain("Plan: 2 to add, 0 to change");
    expect(exitCode).toBe(0);
    // the official provider ends with terraform, which runs for the plan and for the apply
    expect(logins).toBe(official ? 3 : 2);
  });

  test("uses no file that lies in the folder of the synthesized declaration", () => {
    expect(existsSync(project.path("cdktf.out/stacks/atlas/extra.tf.json"))).toBe(true);
    expect(existsSync(project.path("proof"))).toBe(false);
  });

  // the other signals end every command in the same way, see interruption.test.ts
  test("applies nothing after a SIGTERM while it plans", async () => {
    const id = "late";
    await project.addInCommit(id);
    const run = await project.clone.spawn("deploy", / uses the /, {}, "--auto-approve");
    let sent = false;
    project.gateway.rules = {
      before: () => {
        if (!sent) run.send("SIGTERM");
        sent = true;
        return undefined;
      },
    };
    const { exitCode, output } = await run.ended();
    expect(sent).toBe(true);
    expect(output).toMatch(/interrupted\n?$/);
    expect(output).not.toContain(" apply: ");
    expect(exitCode).toBe(130);
    expect(await clientOf(id)).toBeUndefined();
  });

  test("starts no second attempt after a SIGTERM, and lists what is applied", async () => {
    const run = await project.clone.spawn("deploy", / uses the /, {}, "--auto-approve");
    let creations = 0;
    project.gateway.rules = {
      before: (passing) => {
        if (!createsClient(passing)) return undefined;
        creations += 1;
        run.send("SIGTERM");
        return 503;
      },
    };
    const { exitCode, output } = await run.ended();
    expect(output).toContain("not applied:");
    expect(output).not.toContain("trying the rest");
    expect(output).toMatch(/interrupted\n?$/);
    expect(exitCode).toBe(130);
    expect(creations).toBeGreaterThan(0);
    expect(await clientOf("late")).toBeUndefined();
    await project.clone.git("reset", "--quiet", "--hard", "HEAD^");
  });

  /** Renames a customer, whose client somebody deletes during the deploy, while Keycloak is unavailable for a moment. */
  const loseClient = async (from: string, to: string) => {
    await project.clone.edit("customers.yaml", (text) =>
      text.replace(`name: ${from}\n`, `name: ${to}\n`),
    );
    await project.commit();
    project.gateway.rules = {
      before: async (passing) => {
        if (!isWrite("PUT", /\/clients\/[^/]+$/)(passing)) return undefined;
        const client = await clientOf("shown");
        if (!client) return undefined;
        await project.admin.clients.del({ realm, id: client.id });
        return 503;
      },
    };
  };

  test("that fails leaves a resource tainted that an operator tainted", async () => {
    const find = async () =>
      (await state()).resources.find(({ name }) =>
        name.startsWith("customers_initech_default-scopes"),
      );
    const { type, name } = (await find()) ?? {};
    await mark(String(name), "tainted");
    project.gateway.rules = {
      before: ({ method, path }) =>
        method !== "GET" && path.includes("default-client-scopes") ? 400 : undefined,
    };
    const { exitCode, output } = await project.deploy("--allow-replacement", `${type}.${name}`);
    expect(output).toContain(`not applied:\n  delete and create ${type}.${name}`);
    expect(exitCode).toBe(1);
    expect((await find())?.instances).toMatchObject([{ status: "tainted" }]);
    await mark(String(name), undefined);
  });

  test("asks again on a terminal before it applies another action in a second attempt", async () => {
    await loseClient("shown", "Shown again");
    const question = "apply this?";
    const { exitCode, output } = await project.clone.npmOnTerminal("deploy", [], [question, "yes"]);
    expect(output.split(question)).toHaveLength(3);
    expect(output).toMatch(/create keycloak_openid_client\.customers_shown/);
    expect(exitCode).toBe(0);
    expect(await clientOf("shown")).toMatchObject({ name: "Shown again" });
  });

  test("applies no other action than the agreed one in a second attempt", async () => {
    await loseClient("Shown again", "Shown");
    const { exitCode, output } = await project.deploy();
    expect(output).toMatch(
      /what is left goes beyond what was agreed to:\n +create keycloak_openid_client\.customers_shown/,
    );
    expect(exitCode).toBe(1);
    expect(await clientOf("shown")).toBeUndefined();
  });

  test("leaves no private folder behind", async () => {
    const names = await readdir(project.clone.temporaryFolder);
    expect(names.filter((name) => name.startsWith("keycloak-access-"))).toEqual([]);
  });
});

describeChange("a deploy with the other program", () => {
  test("continues the state, as does the next one with the first program", async () => {
    const other = { ATLAS_PROVIDER: "embedded", TERRAFORM_BINARY_NAME: otherProgram };
    const before = await project.secrets();
    await project.addInCommit("moved");
    const moved = await project.clone.npm("deploy", ["--auto-approve"], other);
    expect(moved.output).toContain("Keycloak is as declared");
    await project.addInCommit("back");
    expect(await project.deploy()).toMatchObject({ exitCode: 0 });
    expect(await project.secrets()).toMatchObject(before);
    expect((await project.deploy()).output).toContain("nothing to change");
  });
});

describe("a plan", () => {
  const errored = "cdktf.out/errored/gated.tfstate";

  test("leaves a resource tainted that an operator tainted, and shows its replacement", async () => {
    await mark("customers_initech_", "tainted");
    const before = await state();
    const { exitCode, output } = await project.clone.npm("plan");
    expect(output).toContain('gets a new secret: "initech"');
    expect(exitCode).toBe(1);
    expect(await state()).toEqual(before);
    await mark("customers_initech_", undefined);
  });

  test("does not store the state that a deploy could not store, and is refused, as is the look for drift", async () => {
    const before = await state();
    await mkdir(project.path("cdktf.out/errored"), { recursive: true });
    await writeFile(
      project.path(errored),
      JSON.stringify({ ...before, serial: before.serial + 5 }),
    );
    for (const script of ["plan", "drift"]) {
      const { exitCode, output } = await project.clone.npm(script);
      expect(output).toContain(
        `left it in ${project.path(errored)}; npm run deploy stores it first`,
      );
      expect(exitCode).toBe(1);
    }
    expect(await state()).toEqual(before);
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("stored the state that an earlier deploy could not store");
    expect(exitCode).toBe(0);
    expect((await state()).serial).toBeGreaterThanOrEqual(before.serial + 5);
    expect(existsSync(project.path(errored))).toBe(false);
  });

  test("nor a deploy uses the state of another environment that could not be stored", async () => {
    const before = await state();
    const other = { ...before, lineage: "11111111-2222-3333-4444-555555555555", serial: 99 };
    await writeFile(project.path("cdktf.out/errored/production.tfstate"), JSON.stringify(other));
    expect(await project.clone.npm("plan")).toMatchObject({ exitCode: 0 });
    await writeFile(project.path(errored), JSON.stringify(other));
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("which does not fit the stored state");
    expect(exitCode).toBe(1);
    expect((await state()).lineage).toBe(before.lineage);
    expect(existsSync(project.path(errored))).toBe(true);
    await rm(project.path("cdktf.out/errored"), { recursive: true });
  });
});
