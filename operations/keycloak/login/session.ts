import { isAbortError } from "../../../system/interruption.ts";

/** An access token that Keycloak has just given. */
export interface FreshToken {
  readonly accessToken: string;
  /** Its lifespan in seconds. */
  readonly lifespan: number;
}

/** Part of an access token's lifespan after which it is replaced. */
const usedPart = 0.9;

/** The access token of a login. Everything in this process shares it, until most of its lifespan is over. */
export abstract class Session {
  #accessToken: string | undefined;
  #receivedAt: number | undefined;
  #renewAt = 0;
  #login: Promise<string> | undefined;

  /** The access token of the last login; undefined before the first one. */
  get latest(): string | undefined {
    return this.#accessToken;
  }

  /** When the {@link latest} token arrived by this machine's clock, in seconds since 1970. */
  get receivedAt(): number | undefined {
    return this.#receivedAt;
  }

  /**
   * The access token. Logs in if there is none that is valid for a while.
   *
   * @param isUninterrupted see {@link requestOptions}
   * @throws UnavailableError if there is nothing to log in with
   * @throws NetworkError if Keycloak refuses it
   */
  async accessToken(isUninterrupted = false): Promise<string> {
    if (this.#accessToken !== undefined && Date.now() < this.#renewAt) return this.#accessToken;
    this.#login ??= this.#renew(isUninterrupted).finally(() => {
      this.#login = undefined;
    });
    return this.#login.catch((error: unknown) => {
      // an interruption has ended the login of somebody else
      if (isUninterrupted && isAbortError(error)) return this.#renew(true);
      throw error;
    });
  }

  /** Asks Keycloak for a token. */
  protected abstract logIn(isUninterrupted: boolean): Promise<FreshToken>;

  async #renew(isUninterrupted: boolean): Promise<string> {
    const { accessToken, lifespan } = await this.logIn(isUninterrupted);
    this.#accessToken = accessToken;
    this.#receivedAt = Date.now() / 1_000;
    this.#renewAt = Date.now() + lifespan * usedPart * 1_000;
    return accessToken;
  }
}
