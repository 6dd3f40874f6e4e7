import { expect, test } from "@jest/globals";
import {
  describeIdentities,
  type PipelineIdentity,
} from "../../../cli/shared/pipeline-identities.ts";
import { pipelineTrust } from "../../../operations/keycloak/deployer/pipeline-trust.ts";

test("the identities of a pipeline are shown with the environments that the options name", async () => {
  const trust = await pipelineTrust({ github: "owner/repo", environment: "staging" });
  const account = { clientSecret: "confidential", isFederated: true, created: false };
  const identities: PipelineIdentity[] = [
    { ...account, clientId: "deployer", environment: "staging" },
    { ...account, clientId: "reader", environment: "staging-plan" },
  ];
  const text = describeIdentities("atlas", identities, { rotate: false, trust });
  expect(text).toContain("for the environment staging:");
  expect(text).toContain("for the environment staging-plan:");
  expect(text).toContain("staging-plan and staging, allow only the branch main");
  expect(text).not.toContain("production");
  expect(text).not.toContain("confidential");
});
