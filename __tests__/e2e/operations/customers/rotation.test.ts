import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { findClient } from "../../../../operations/keycloak/clients.ts";
import { loginVariables } from "../../../../operations/keycloak/login/admin.ts";
import { issuerOf, requestToken } from "../../../../operations/keycloak/token.ts";
import { endToEnd, type Server } from "../../support/end-to-end.ts";
import { filesBelow } from "../../support/files.ts";
import { GatedProject, isWrite } from "../../support/projects/gated-project.ts";
import { until } from "../../support/until.ts";
import { deployerOf } from "../../support/projects/workbench.ts";

const { root, auth } = endToEnd();

/** Writes the entries of acme and globex, each with more lines. */
async function declare(project: GatedProject, more: { acme?: string; globex?: string } = {}) {
  const entry = (id: "acme" | "globex") => `  ${id}:
    contact: api@${id}.example
    access: {atlas-api: [orders:read]}
    ${more[id] ?? "name: Unchanged"}
`;
  await project.clone.edit(
    "customers.yaml",
    () => `customers:\n${entry("acme")}${entry("globex")}`,
  );
}

/** @param settings more lines of the environment */
async function projectOn(server: Server, realm: string, settings = ""): Promise<GatedProject> {
  const project = await GatedProject.create(server, realm, "{type: local}");
  await project.clone.edit(
    "environments/gated.yaml",
    (text) => `${text}secretPrefix: atlas_test_\n${settings}`,
  );
  await declare(project);
  expect(await project.deploy()).toMatchObject({ exitCode: 0 });
  return project;
}

/** Every secret that a client of the projects had. */
const secrets = new Set<string>();

/** Tools of a project: what Keycloak holds, and which tokens it gives. */
function toolsOf(server: Server, project: () => GatedProject) {
  const client = async (id: string) => {
    const { admin, realm } = project();
    const found = await findClient(admin, realm, id);
    if (!found) throw new Error(`there is no client ${id}`);
    return { ...found, attributes: (found.attributes ?? {}) as Record<string, string> };
  };
  const secret = async (id: string) => {
    const { secret: current = "" } = await client(id);
    secrets.add(current);
    return current;
  };
  const issuer = () => issuerOf(project().gateway.url + server.basePath, project().realm);
  const tokenOf = async (clientId: string, clientSecret: string) => {
    const answer = await requestToken({ issuer: issuer(), clientId, clientSecret });
    return "token" in answer ? answer.token : undefined;
  };
  const works = async (id: string, value: string) => (await tokenOf(id, value)) !== undefined;
  /** The variables with which commands run as the realm's deployer. */
  const deployer = async () =>
    loginVariables(await deployerOf(server, project().admin, project().realm));
  return { client, secret, issuer, tokenOf, works, deployer };
}

describe("a Keycloak without an overlap of secrets", () => {
  let project: GatedProject;
  const { client, secret, issuer, tokenOf, works, deployer } = toolsOf(root, () => project);
  let first = "";
  let second = "";

  beforeAll(async () => {
    project = await projectOn(root, "at-once");
    first = await secret("acme");
  });
  afterAll(async () => {
    await project.admin.realms.del({ realm: "at-once" });
    await project.remove();
  });

  test("rotate refuses to end a secret if there is nobody to ask", async () => {
    const { exitCode, output } = await project.clone.npm("rotate", ["acme"]);
    expect(output).toContain("the secret of acme ends at once: Keycloak has no overlap of secrets");
    expect(output).toContain("there is nobody to ask; nothing is changed");
    expect(exitCode).toBe(2);
    expect(await works("acme", first)).toBe(true);
  });

  test("rotate asks on a terminal, then replaces the secret and shows none", async () => {
    const { output } = await project.clone.npmOnTerminal("rotate", ["acme"], ["rotate?", "yes"]);
    second = await secret("acme");
    expect(output).toContain(
      "acme has a new secret, which npm run credentials -- acme shows; the old one has ended",
    );
    expect(output).not.toContain(first);
    expect(output).not.toContain(second);
    expect(second).toMatch(/^atlas_test_[0-9a-f]{64}$/);
    expect([await works("acme", first), await works("acme", second)]).toEqual([false, true]);
  });

  /** Whether Keycloak accepts a token, as it tells the API that the token is for. */
  const isActive = async (token: string | undefined) => {
    const form = {
      token: token ?? "",
      client_id: "atlas-api",
      client_secret: await secret("atlas-api"),
    };
    const address = `${issuer()}/protocol/openid-connect/token/introspect`;
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(form) });
    return ((await answer.json()) as { active: boolean }).active;
  };
  let revoked: string | undefined;

  test("revoke ends the tokens of one customer only, and names when the last one has expired", async () => {
    revoked = await tokenOf("acme", second);
    const other = await tokenOf("globex", await secret("globex"));
    expect(await isActive(revoked)).toBe(true);
    const { output } = await project.clone.npm("revoke", ["acme"], await deployer());
    const { notBefore = 0 } = await client("acme");
    const instant = (seconds: number) =>
      new Date(seconds * 1_000).toISOString().replace(".000", "");
    expect(output).toContain(`that it issued before ${instant(notBefore)}`);
    expect(output).toContain(
      `with the present lifespan (5m) until ${instant(notBefore + 300)} at the latest`,
    );
    expect(output).toContain("acme can get new tokens");
    expect([await isActive(revoked), await isActive(other)]).toEqual([false, true]);
    await until("a new token is valid", async () => isActive(await tokenOf("acme", second)));
  });

  test("deploy refuses a rotation in an entry before it applies anything", async () => {
    await declare(project, { acme: "name: Changed\n    rotation: 2" });
    const { exitCode, output } = await project.deploy();
    expect(output).toContain("--allow-new-secret acme");
    expect(exitCode).toBe(1);
    expect(await client("acme")).toMatchObject({ name: "Unchanged", secret: second });
  });

  test("deploy rotates if it is allowed, and keeps the revocation", async () => {
    const { exitCode, output } = await project.deploy("--allow-new-secret", "acme");
    expect(output).toContain("acme has a new secret");
    expect(exitCode).toBe(0);
    expect(await client("acme")).toMatchObject({
      name: "Changed",
      attributes: { "rotation.done": "2" },
    });
    expect([await works("acme", second), await works("acme", await secret("acme"))]).toEqual([
      false,
      true,
    ]);
    expect(await isActive(revoked)).toBe(false);
  });
});

describe("a Keycloak with an overlap of secrets", () => {
  const realm = "overlap";
  let project: GatedProject;
  const { client, secret, works, deployer } = toolsOf(auth, () => project);

  beforeAll(async () => {
    project = await projectOn(auth, realm, "rotationOverlap: 1h\n");
  });
  afterAll(async () => {
    await project.admin.realms.del({ realm });
    await project.remove();
  });

  /** Changes attributes of a client by hand. */
  const setAttributes = async (clientId: string, attributes: Record<string, string>) => {
    const { id } = await client(clientId);
    await project.admin.clients.update({ realm, id }, { clientId, attributes });
  };

  test("verify finds that somebody has shortened the overlap", async () => {
    const { clientPolicies } = project.admin;
    expect(await project.clone.npm("verify")).toMatchObject({ exitCode: 0 });
    const { profiles = [] } = await clientPolicies.listProfiles({ realm });
    const shortened = profiles.map(({ executors = [], ...profile }) => ({
      ...profile,
      executors: executors.map((executor) => ({
        ...executor,
        configuration: { ...executor.configuration, "rotated-expiration-period": 60 },
      })),
    }));
    await clientPolicies.createProfiles({ realm, profiles: shortened });
    const { output } = await project.clone.npm("verify");
    expect(output).toContain(
      'client profile secret-rotation: rotated-expiration-period is "60" and should be "3600"; run npm run deploy as an administrator',
    );
    await clientPolicies.createProfiles({ realm, profiles });
  });

  test("rotate lets both secrets work until the overlap is over, and then only the new one", async () => {
    const old = await secret("acme");
    const { output } = await project.clone.npm("rotate", ["acme"], await deployer());
    const current = await secret("acme");
    expect(output).toMatch(/acme has a new secret.*; the old one works until \d{4}-.*Z\n/);
    expect(output).not.toContain(old);
    expect(output).not.toContain(current);
    expect(current).toMatch(/^atlas_test_[0-9a-f]{64}$/);
    expect([await works("acme", old), await works("acme", current)]).toEqual([true, true]);
    const { attributes } = await client("acme");
    const end = Number(attributes["client.secret.rotated.expiration.time"]) * 1_000;
    expect(Math.abs(end - Date.now() - 3_600_000)).toBeLessThan(600_000);
    const past = String(Math.floor(Date.now() / 1_000) - 1);
    await setAttributes("acme", { "client.secret.rotated.expiration.time": past });
    expect([await works("acme", old), await works("acme", current)]).toEqual([false, true]);
  });

  test("a deploy that is killed before or after the new secret is completed by the next one", async () => {
    const old = await secret("globex");
    const untouched = await secret("acme");
    await declare(project, { acme: "name: Changed", globex: "name: Changed\n    rotation: 2" });
    /** Kills a deploy at a certain change of the client. */
    const killAt = async (when: "before" | "after", count: number) => {
      const isChange = isWrite("PUT", new RegExp(`/clients/${(await client("globex")).id}$`));
      const run = await project.clone.spawn("deploy", /./, {}, "--auto-approve");
      let changes = 0;
      const rule = (passing: Parameters<typeof isChange>[0]) => {
        if (isChange(passing) && (changes += 1) === count) {
          run.kill();
          throw new Error("the connection ends");
        }
        return undefined;
      };
      project.gateway.rules = { [when]: rule };
      await run.ended();
      project.gateway.rules = {};
    };
    await killAt("before", 2);
    expect(await client("globex")).toMatchObject({ name: "Changed", secret: old });
    await killAt("after", 1);
    const current = await secret("globex");
    expect(current).not.toBe(old);
    const { exitCode, output } = await project.deploy();
    expect(output).not.toContain("new secret");
    expect(exitCode).toBe(0);
    expect(await secret("globex")).toBe(current);
    expect([await works("globex", old), await works("globex", current)]).toEqual([true, true]);
    expect(await client("acme")).toMatchObject({ name: "Changed", secret: untouched });
  });

  test("no secret ends within 60 years", async () => {
    for (const id of ["acme", "globex"]) {
      const { attributes } = await client(id);
      const end = new Date(Number(attributes["client.secret.expiration.time"]) * 1_000);
      expect(end.getUTCFullYear()).toBeGreaterThan(new Date().getUTCFullYear() + 60);
    }
  });

  test("deploy refuses a rotation while an earlier overlap is not over", async () => {
    const current = await secret("globex");
    await declare(project, { globex: "name: Changed\n    rotation: 3" });
    const { exitCode, output } = await project.deploy();
    expect(output).toContain('a new secret would end one that works now, of "globex"');
    expect(exitCode).toBe(1);
    expect(await secret("globex")).toBe(current);
  });

  test("--end-overlap ends the old secret, so that a saved plan may rotate again", async () => {
    const current = await secret("globex");
    const { output } = await project.clone.npm("rotate", ["globex", "--end-overlap"]);
    expect(output).toContain("the old secret of globex has ended");
    expect((await client("globex")).attributes).not.toHaveProperty(["client.secret.rotated"]);
    expect(await works("globex", current)).toBe(true);
    // more often than its entry declares
    await setAttributes("acme", { "rotation.done": "2" });
    await declare(project, {
      acme: "name: Changed\n    rotation: 1",
      globex: "name: Changed\n    rotation: 3",
    });
    await project.clone.commitEverything();
    expect(await project.clone.npm("plan")).toMatchObject({ exitCode: 0 });
    const deployed = await project.clone.npm("deploy");
    expect(deployed.output).toContain("globex has a new secret");
    expect(deployed.output).toContain('"acme" keeps its secret: "rotation: 1" is lower than 2');
    expect(deployed.exitCode).toBe(0);
    expect((await client("globex")).attributes).toMatchObject({ "rotation.done": "3" });
    expect([await works("globex", current), await works("globex", await secret("globex"))]).toEqual(
      [true, true],
    );
  });

  test("no file of the project and no output has a secret, current or previous", async () => {
    const texts = [...(await filesBelow(project.clone.folder)), ...project.clone.outputs];
    expect(secrets.size).toBeGreaterThan(6);
    expect([...secrets].filter((each) => texts.some((text) => text.includes(each)))).toEqual([]);
  });
});
