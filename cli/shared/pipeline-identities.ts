import type { PipelineAccount } from "../../operations/keycloak/deployer/deployer.ts";
import type { PipelineTrust } from "../../operations/keycloak/deployer/pipeline-trust.ts";
import { table } from "../../text/table.ts";

/** An identity of a pipeline, with the environment that it is for. */
export interface PipelineIdentity extends PipelineAccount {
  readonly clientId: string;
  readonly environment: string;
}

/** What has been done to the identities. */
interface Bootstrap {
  readonly rotate: boolean;
  readonly trust: PipelineTrust | undefined;
}

/** The identities of a pipeline and how to give them to it, as text. It contains the secrets of those that have one. */
export function describeIdentities(
  realm: string,
  identities: readonly PipelineIdentity[],
  { rotate, trust }: Bootstrap,
): string {
  // a reader that the pipeline cannot tell from the deployer has a secret, which this run was not asked for
  const shown = trust ? identities.filter(({ isFederated }) => isFederated) : identities;
  const environments = identities.map(({ environment }) => environment);
  const subjects = [trust?.deployer, trust?.reader];
  const parts = shown.map((identity, index) => {
    const { clientId, environment, clientSecret, isFederated, created } = identity;
    const result = isFederated
      ? "logs in with tokens and has no secret"
      : rotate
        ? "has a new secret"
        : "exists already and keeps its secret";
    const title = `the ${clientId} of "${realm}" ${created && !isFederated ? "is created" : result}; for the environment ${environment}:`;
    const rows: [string, string][] = [
      ["KEYCLOAK_REALM", realm],
      ["KEYCLOAK_CLIENT_ID", clientId],
    ];
    if (!isFederated) rows.push(["KEYCLOAK_CLIENT_SECRET", clientSecret]);
    const subject = subjects[index];
    if (trust && subject !== undefined)
      rows.push(["issuer", trust.issuer.issuer], ["subject", subject]);
    return [title, "", table(rows), ""].join("\n");
  });
  return [
    ...parts,
    // they are equally dangerous
    `Let both environments of the pipeline, ${environments.reverse().join(" and ")}, allow only the branch main:`,
    "the deployer changes clients and, on Keycloak 26.7, both read the secret of every customer. docs/pipelines.md describes the setup.",
  ].join("\n");
}
