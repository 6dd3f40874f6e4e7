import {
  githubActions,
  gitlabCi,
  type TrustedIssuerProps,
} from "../../../constructs/authentication/trusted-issuer.ts";
import { isOnThisMachine } from "../../../system/addresses.ts";
import { UnavailableError, UsageError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";

/** The environment in which a pipeline deploys, unless an option names another. */
export const defaultEnvironment = "production";

/** Options that name the pipeline whose tokens log in. */
export interface PipelineOptions {
  /** Repository on GitHub: `owner/repo`, with the ids that its subjects contain `owner@1/repo@2`. */
  readonly github?: string | undefined;
  /**
   * Environment of the repository in which the pipeline deploys. It plans in the one with `-plan` at the end.
   * @default "production"
   */
  readonly environment?: string | undefined;
  /** Project on GitLab: `group/project`. Its branch `main` plans and deploys. */
  readonly gitlab?: string | undefined;
  /** Another issuer. */
  readonly issuer?: string | undefined;
  /** The subject of the job that deploys, with another issuer. */
  readonly subject?: string | undefined;
  /** The subject of the jobs that plan, with another issuer. */
  readonly readerSubject?: string | undefined;
}

/** The tokens of a pipeline that log in. */
export interface PipelineTrust {
  readonly issuer: TrustedIssuerProps;
  /** The exact `sub` of the deployer's tokens. */
  readonly deployer: string;
  /** The environment on the platform in which the pipeline deploys. It plans in the one with `-plan` at the end. */
  readonly environment: string;
  /** The exact `sub` of the reader's tokens; undefined if the pipeline's jobs cannot be told apart, so that all are the deployer's. */
  readonly reader?: string;
}

/**
 * The tokens that the options describe. The keys of an issuer that is named by its address are discovered.
 *
 * @returns undefined if they name no pipeline
 * @throws UsageError if they do not fit together
 * @throws UnavailableError if the issuer cannot be discovered
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export async function pipelineTrust(options: PipelineOptions): Promise<PipelineTrust | undefined> {
  const { github, gitlab, issuer, subject, readerSubject, environment } = options;
  const named = [github, gitlab, issuer].filter((value) => value !== undefined);
  if (named.length > 1) throw new UsageError("name one of --github, --gitlab and --issuer");
  if (environment !== undefined && github === undefined)
    throw new UsageError("--environment belongs to --github, whose subjects contain it");
  if (issuer === undefined && (subject ?? readerSubject) !== undefined)
    throw new UsageError("--subject and --reader-subject need --issuer, the issuer of the tokens");
  if (github !== undefined) return ofGitHub(github, environment);
  if (gitlab !== undefined) return ofGitLab(gitlab);
  if (issuer === undefined) return undefined;
  if (!subject) throw new UsageError("--issuer needs --subject, the exact subject of the tokens");
  if (subject === readerSubject)
    throw new UsageError("--subject and --reader-subject must differ: one subject is one identity");
  return {
    ...{ issuer: await discovered(issuer), environment: defaultEnvironment },
    deployer: subject,
    ...(readerSubject ? { reader: readerSubject } : {}),
  };
}

function ofGitHub(repository: string, environment = defaultEnvironment): PipelineTrust {
  if (!/^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/.test(repository))
    throw new UsageError(`--github: ${quoted(repository)} must be owner/repo, or owner@1/repo@2`);
  // GitHub escapes the separator in it
  const subject = (name: string) => `repo:${repository}:environment:${name.replaceAll(":", "%3A")}`;
  return {
    ...{ issuer: githubActions, environment },
    deployer: subject(environment),
    reader: subject(`${environment}-plan`),
  };
}

function ofGitLab(project: string): PipelineTrust {
  if (!/^[\w.-]+(\/[\w.-]+)+$/.test(project))
    throw new UsageError(`--gitlab: ${quoted(project)} must be group/project`);
  return {
    issuer: gitlabCi,
    environment: defaultEnvironment,
    deployer: `project_path:${project}:ref_type:branch:ref:main`,
  };
}

/**
 * An issuer with the address of its keys.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
async function discovered(issuer: string): Promise<TrustedIssuerProps> {
  if (!URL.canParse(issuer) || (!issuer.startsWith("https://") && !isOnThisMachine(issuer)))
    throw new UsageError(
      `--issuer: ${quoted(issuer)} must be an address that begins with https://`,
    );
  const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(15_000) }).catch(
    () => undefined,
  );
  if (!response)
    throw new UnavailableError(
      `${quoted(address)} does not answer; check the address, and that this machine can reach it`,
    );
  const found: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  const { issuer: itself, jwks_uri: jwksUrl } = (found ?? {}) as Record<string, unknown>;
  if (itself !== issuer || typeof jwksUrl !== "string")
    throw new UnavailableError(
      `${quoted(address)} does not describe the issuer ${quoted(issuer)}; write the issuer exactly as in its tokens`,
    );
  return { issuer, jwksUrl };
}
