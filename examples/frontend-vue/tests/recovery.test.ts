import { expect, test, vi } from "vitest";
import {
  type Answer,
  comeBack,
  isDown,
  json,
  keycloak,
  metadata,
  page,
  prompts,
  refused,
  signedIn,
  tokens,
} from "./support/tab.ts";

test.each<[string, Answer, object]>([
  ["a renewal is refused", refused("invalid_grant"), {}],
  ["there is no refresh token", isDown, { refresh_token: undefined }],
])(
  "signs in silently if %s, and the session has expired if that fails",
  async (_, renewal, more) => {
    keycloak.renewal = renewal;
    keycloak.code = () => tokens(more);
    const session = await signedIn();
    keycloak.discovery = isDown;
    expect(await session.accessToken({ renewed: true })).toEqual({ missing: "ended" });
    await vi.waitUntil(() => session.state.value.phase === "unavailable");
    const { value } = session.state;
    keycloak.discovery = () => json(metadata);
    if (value.phase === "unavailable") await value.retry();
    expect(prompts()).toEqual(["none", "none"]);
    expect((await comeBack({ error: "login_required" })).state.value.phase).toBe("expired");
  },
);

test("does not sign in silently again and again", async () => {
  keycloak.renewal = refused("invalid_grant");
  const session = await signedIn();
  await session.accessToken({ renewed: true });
  await vi.waitUntil(() => page.left.length === 2);
  const recovered = await comeBack();
  await recovered.accessToken({ renewed: true });
  expect(recovered.state.value.phase).toBe("expired");
});

test("keeps the tokens while Keycloak cannot be reached", async () => {
  const session = await signedIn();
  keycloak.renewal = isDown;
  expect(await session.accessToken({ renewed: true })).toEqual({ missing: "unreachable" });
  expect(session.state.value).toMatchObject({ phase: "signed-in", renewalFails: true });
  expect(await session.accessToken()).toEqual({ token: "access" });
});

test("waits for the renewal of tokens that live longer than a timer can wait", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const day = 60 * 60 * 24;
  keycloak.code = () => tokens({ expires_in: 30 * day });
  await signedIn();
  const before = Date.now();
  await vi.advanceTimersToNextTimerAsync();
  expect(Date.now() - before).toBeGreaterThan(20 * day * 1_000);
});
