import { noResponse } from "embedded-provider/no-response";
import { transientStatuses } from "../../keycloak/failures.ts";

/**
 * HTTP statuses in messages. Names of customers and paths contain numbers too, so a status counts only at the place where a program
 * writes it: the official provider, the embedded provider, the state backends, terraform's registry client.
 *
 * @see https://github.com/keycloak/terraform-provider-keycloak/blob/v5.9.0/keycloak/keycloak_client.go
 * @see https://github.com/hashicorp/terraform/blob/v1.11.4/internal/backend/remote-state/http/client.go
 */
const status = new RegExp(
  [
    String.raw`error sending \w+ request(?: to .*?)?: (?<official>\d{3})\b`,
    String.raw`Keycloak (?:at \S+ )?refused .*?: (?<embedded>\d{3})\b`,
    String.raw`\b(?:HTTP (?:error|response code|status)|StatusCode|googleapi: Error)[:=]?\s+(?<backend>\d{3})\b`,
    String.raw`: (?<registry>\d{3})[\w\s]* returned from `,
  ].join("|"),
  "g",
);

/** Messages of Go and Node about a connection that fails, and of the providers about a login that cannot be renewed. */
const unanswered = new RegExp(
  [
    String.raw`\bconnection\s+(?:refused|reset|timed\s+out)`,
    String.raw`\bi/o\s+timeout|\bTLS\s+handshake\s+timeout|\bClient\.Timeout\b|\bdeadline\s+exceeded`,
    String.raw`(?:^|:\s+)(?:unexpected )?EOF\b`,
    `socket hang up|fetch failed|error refreshing credentials|${noResponse}`,
  ].join("|"),
  "m",
);

/** Whether terraform's output reports a transient failure: a later attempt may succeed without any change. */
export function isTransientOutput(output: string): boolean {
  const isTransient = statusesIn(output).some(({ code }) => transientStatuses.includes(code));
  return isTransient || unanswered.test(output);
}

/** Whether terraform's output reports that another run has written the state since a plan was made on it. */
export function isStaleOutput(output: string): boolean {
  return output.includes("Saved plan is stale");
}

/** The HTTP statuses in terraform's output, with the program that reports each: the official provider, a state backend, … */
function statusesIn(output: string): { program: string; code: number }[] {
  return [...output.matchAll(status)].flatMap(({ groups = {} }) =>
    Object.entries(groups)
      .filter(([, code]) => Boolean(code))
      .map(([program, code]) => ({ program, code: Number(code) })),
  );
}

/** Whether terraform's output reports that it cannot lock or read its state. */
export function isStateUnavailable(output: string): boolean {
  return /Error (acquiring the state lock|loading state)/.test(output);
}

/** Hint at how to unlock a locked state, with the lock's ID; an empty text if the output reports no lock. */
export function lockHint(output: string): string {
  const [, id] = /Lock Info:\s+ID:\s+([\w-]+)/.exec(output) ?? [];
  if (id === undefined) return "";
  return `\nif the run that holds the lock is still active, wait for it; if you are sure that it was killed, run\n  npm run unlock -- ${id}`;
}

/** Hint at the project's dependency lock file if it does not fit; otherwise an empty text. */
export function checksumHint(output: string): string {
  if (!output.includes("Provider dependency changes detected")) return "";
  return "\n.terraform.lock.hcl has checksums of another version, or of the other program's registry; write it again as docs/deploy.md describes";
}

/** Hint at an administrator if Keycloak refuses something to the identity that logs in; otherwise an empty text. */
export function forbiddenHint(output: string): string {
  const isForbidden = statusesIn(output).some(
    ({ program, code }) => code === 403 && ["official", "embedded"].includes(program),
  );
  if (!isForbidden) return "";
  return "\nthe identity that logs in to Keycloak may not do that; the deployer may change clients, client scopes and roles of clients only: plan and deploy everything else as an administrator; to let it read declared groups and issuers, an administrator runs npm run bootstrap-deployer";
}

/** Hint at PG_CONN_STR if terraform cannot read it; otherwise an empty text. Its message does not name the variable. */
export function connectionHint(output: string, { PG_CONN_STR }: NodeJS.ProcessEnv): string {
  const isUnreadable = /^Error: (?:parse "|missing "=" after |unterminated quoted string)/m;
  if (!PG_CONN_STR || !isUnreadable.test(output)) return "";
  return "\ncheck PG_CONN_STR; if it is an address, percent-encode the special characters of the password";
}
