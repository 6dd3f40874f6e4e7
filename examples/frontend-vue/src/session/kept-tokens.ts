import type { OidcClient } from "oidc-client-ts";
import { isRefused, renewTokens } from "./oidc.ts";
import type { Tokens } from "./tokens.ts";

/** The result of renewing the tokens. `ended`: Keycloak refuses it, or the tokens have been dropped. */
export type Renewal = "fresh" | "unreachable" | "ended";

/** The tokens of a signed-in user. */
export interface KeptTokens {
  /** The tokens of the latest renewal. */
  readonly current: () => Tokens;
  /** Renews the tokens. Calls at the same time share one request, because a refresh token works only once. */
  readonly renew: () => Promise<Renewal>;
  /** Ignores the result of a renewal that is still running. */
  readonly drop: () => void;
}

/** Keeps tokens in memory only. @param onRenewal is called after each renewal, until the tokens are dropped */
export function keepTokens(
  client: OidcClient,
  first: Tokens,
  onRenewal: (renewal: Renewal) => void,
): KeptTokens {
  let tokens = first;
  let running: Promise<Renewal> | undefined;
  let isDropped = false;

  async function renewOnce(): Promise<Renewal> {
    let renewal: Renewal = "fresh";
    try {
      tokens = await renewTokens(client, tokens);
    } catch (error) {
      renewal = isRefused(error) ? "ended" : "unreachable";
    }
    running = undefined;
    if (isDropped) return "ended";
    onRenewal(renewal);
    return renewal;
  }

  return {
    current: () => tokens,
    renew: () => (running ??= renewOnce()),
    drop: () => {
      isDropped = true;
    },
  };
}
