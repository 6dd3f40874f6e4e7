import { rename, writeFile } from "node:fs/promises";
import { UnavailableError } from "../../../text/errors.ts";
import { discover } from "../discovery.ts";
import { issuerOf } from "../token.ts";

/** Milliseconds after which a CI token is replaced by a fresh one: a fifth of the lifespan of GitHub's. */
const renewAfter = 60_000;

/** Time limit of an answer, in milliseconds. */
const timeout = 15_000;

/** Where a job of GitHub Actions gets its tokens. Its runner sets both if the job has the permission `id-token: write`. */
export interface TokenRequest {
  readonly url: string;
  readonly token: string;
}

/** A file, for its owner only, that always has a fresh token of a CI job for a realm. */
export class CiTokenFile implements Disposable {
  readonly path: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(path: string, timer: NodeJS.Timeout) {
    this.path = path;
    this.#timer = timer;
  }

  /**
   * Writes the file, and renews it until it is disposed of.
   *
   * @param baseUrl Keycloak's address with its base path
   * @throws UnavailableError if Keycloak or the CI does not answer
   */
  static async create(
    file: string,
    request: TokenRequest,
    { baseUrl, realm }: { readonly baseUrl: string; readonly realm: string },
  ): Promise<CiTokenFile> {
    // the only audience that Keycloak accepts
    const { issuer: audience } = await discover(issuerOf(baseUrl, realm));
    const write = async (): Promise<void> => {
      const token = await fetchToken(request, audience);
      await writeFile(`${file}.new`, token, { mode: 0o600 });
      // at once, so that no login reads a part of it
      await rename(`${file}.new`, file);
    };
    await write();
    const renew = (): void => {
      // the previous one goes on working for some minutes, and whoever finds it expired reports that
      write().catch((error: unknown) => {
        console.error(`the token of the CI job is not renewed: ${String(error)}`);
      });
    };
    return new CiTokenFile(file, setInterval(renew, renewAfter));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** @see https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
async function fetchToken({ url, token }: TokenRequest, audience: string): Promise<string> {
  const address = new URL(url);
  address.searchParams.set("audience", audience);
  const response = await fetch(address, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(timeout),
  }).catch(() => undefined);
  const answer = (await response?.json().catch(() => undefined)) as { value?: string } | undefined;
  if (!answer?.value)
    throw new UnavailableError(
      `GitHub gives this job no token (HTTP ${response?.status ?? "without an answer"}); try again later`,
    );
  return answer.value;
}
