import { setImmediate as later } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { type FreshToken, Session } from "../../../../operations/keycloak/login/session.ts";

/** A session whose logins have these answers, one after the other. */
class AnsweredSession extends Session {
  readonly #answers: (FreshToken | Error)[];

  constructor(...answers: readonly (FreshToken | Error)[]) {
    super();
    this.#answers = [...answers];
  }

  protected override async logIn(): Promise<FreshToken> {
    await later();
    const answer = this.#answers.shift() ?? new Error("one login too many");
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

const [first, second] = [
  { accessToken: "first", lifespan: 60 },
  { accessToken: "second", lifespan: 60 },
];

describe("a session", () => {
  test("logs in once for all that need a token at the same time, and later", async () => {
    const session = new AnsweredSession(first);
    const together = [session.accessToken(), session.accessToken(true)];
    expect(await Promise.all(together)).toEqual(["first", "first"]);
    expect(await session.accessToken()).toBe("first");
  });

  test("logs in again when most of the token's lifespan is over", async () => {
    const session = new AnsweredSession({ ...first, lifespan: 0 }, second);
    await session.accessToken();
    expect(await session.accessToken()).toBe("second");
  });

  test("logs in again after a login that was refused", async () => {
    const session = new AnsweredSession(new Error("refused"), second);
    await expect(session.accessToken()).rejects.toThrow("refused");
    expect(await session.accessToken()).toBe("second");
  });

  test("has a token for what has to be finished, if an interruption ends the login of something else", async () => {
    const abort = Object.assign(new Error("interrupted"), { name: "AbortError" });
    const session = new AnsweredSession(abort, second);
    const [interrupted, finished] = [session.accessToken(), session.accessToken(true)];
    await expect(interrupted).rejects.toBe(abort);
    expect(await finished).toBe("second");
  });
});
