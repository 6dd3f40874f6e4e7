import type { OidcClient } from "oidc-client-ts";
import { isTemporary, renewTokens } from "./oidc.ts";
import { type Tokens, dueIn, isValid } from "./tokens.ts";

/** The result of renewing the tokens. `ended`: it is refused or impossible, or the tokens have been dropped. */
export type Renewal = "fresh" | "unreachable" | "ended";

/** A token for the API, or the reason why there is none. */
export type AccessToken =
  { readonly token: string } | { readonly missing: "unreachable" | "ended" };

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
      renewal = isTemporary(error) ? "unreachable" : "ended";
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

/** A valid access token, renewed if that is due. @param isForced whether it has to be a new one */
export async function usableToken(tokens: KeptTokens, isForced: boolean): Promise<AccessToken> {
  const isDue = isForced || dueIn(tokens.current()) <= 0;
  const renewal = isDue ? await tokens.renew() : "fresh";
  if (renewal === "ended") return { missing: "ended" };
  const isUsable = renewal === "fresh" || (!isForced && isValid(tokens.current()));
  return isUsable ? { token: tokens.current().accessToken } : { missing: "unreachable" };
}
