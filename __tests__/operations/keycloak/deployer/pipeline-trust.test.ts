import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pipelineTrust } from "../../../../operations/keycloak/deployer/pipeline-trust.ts";

describe("the tokens of a pipeline", () => {
  test.each(["owner/repo", "owner@12/repo@34"])(
    "are those of two environments of %s on GitHub",
    async (github) => {
      expect(await pipelineTrust({ github, environment: "live" })).toMatchObject({
        issuer: { issuer: "https://token.actions.githubusercontent.com" },
        deployer: `repo:${github}:environment:live`,
        reader: `repo:${github}:environment:live-plan`,
      });
      expect(await pipelineTrust({ github })).toMatchObject({
        deployer: `repo:${github}:environment:production`,
      });
    },
  );

  test("are all the deployer's on GitLab, whose subjects name the branch only", async () => {
    expect(await pipelineTrust({ gitlab: "group/sub/project" })).toEqual({
      issuer: expect.objectContaining({ issuer: "https://gitlab.com" }),
      environment: "production",
      deployer: "project_path:group/sub/project:ref_type:branch:ref:main",
    });
  });

  test("are none without an option", async () => {
    expect(await pipelineTrust({})).toBeUndefined();
  });

  test.each([
    [{ github: "a/b", gitlab: "a/b" }, "name one of --github, --gitlab and --issuer"],
    [{ github: "repo" }, '--github: "repo" must be owner/repo, or owner@1/repo@2'],
    [{ github: "a/b:*" }, '--github: "a/b:*" must be'],
    [{ gitlab: "project" }, '--gitlab: "project" must be group/project'],
    [{ gitlab: "a/b", environment: "live" }, "--environment belongs to --github"],
    [{ subject: "a" }, "--subject and --reader-subject need --issuer"],
    [{ issuer: "https://a.example" }, "--issuer needs --subject"],
    [{ issuer: "https://a.example", subject: "a", readerSubject: "a" }, "must differ"],
    [{ issuer: "http://a.example", subject: "a" }, "must be an address that begins with https://"],
    [{ issuer: "a", subject: "a" }, '--issuer: "a" must be an address'],
  ])("are refused as %j", async (options, message) => {
    await expect(pipelineTrust(options)).rejects.toMatchObject({
      exitStatus: 2,
      message: expect.stringContaining(message),
    });
  });

  describe("of another issuer", () => {
    let issuer: Server;
    let url: string;
    beforeEach(async () => {
      issuer = createServer((_, response) => response.end(`{"issuer": "${url}/other"}`));
      await new Promise<void>((done) => issuer.listen(0, "localhost", done));
      url = `http://localhost:${(issuer.address() as AddressInfo).port}`;
    });
    afterEach(() => void issuer.close());

    const address = () => JSON.stringify(`${url}/.well-known/openid-configuration`);

    test("are refused if it describes another one", async () => {
      await expect(pipelineTrust({ issuer: url, subject: "a" })).rejects.toMatchObject({
        exitStatus: 3,
        message: `${address()} does not describe the issuer "${url}"; write the issuer exactly as in its tokens`,
      });
    });

    test("are refused if it does not answer", async () => {
      await new Promise((done) => issuer.close(done));
      await expect(pipelineTrust({ issuer: url, subject: "a" })).rejects.toMatchObject({
        exitStatus: 3,
        message: `${address()} does not answer; check the address, and that this machine can reach it`,
      });
    });
  });
});
