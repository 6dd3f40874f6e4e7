import { describe, expect, test } from "@jest/globals";
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
});
