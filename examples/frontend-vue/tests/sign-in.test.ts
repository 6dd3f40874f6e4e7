import { expect, test } from "vitest";
import { keep, kept } from "../src/kept.ts";
import {
  type Answer,
  comeBack,
  home,
  isDown,
  json,
  keycloak,
  load,
  metadata,
  page,
  prompts,
  refused,
  signedIn,
  tokens,
} from "./support/tab.ts";

test("signs in silently, and shows the path that was opened", async () => {
  await signedIn();
  expect(prompts()).toEqual(["none"]);
  expect(location.href).toBe(`${home}orders/42?view=full#notes`);
});

test.each(["login_required", "interaction_required"])(
  "shows the start page after %s, and signs in when the user wants",
  async (error) => {
    await load();
    const session = await comeBack({ error });
    expect(session.state.value.phase).toBe("signed-out");
    await session.signIn();
    expect(prompts()).toEqual(["none", null]);
    expect((await comeBack()).state.value.phase).toBe("signed-in");
  },
);

test("keeps the path if Keycloak refuses a sign-in", async () => {
  await (await load()).signIn();
  const session = await comeBack({ error: "access_denied", error_description: "No" });
  const reason = "The sign-in service says: No";
  expect(session.state.value).toEqual({ phase: "refused", reason });
  expect(location.href).toBe(`${home}orders/42?view=full#notes`);
});

test("signs in silently if Keycloak's page was open for too long", async () => {
  await (await load()).signIn();
  const session = await comeBack({
    error: "temporarily_unavailable",
    error_description: "authentication_expired",
  });
  expect(session.state.value).toEqual({ phase: "leaving", to: "start" });
  expect(prompts()).toEqual(["none", null, "none"]);
  expect((await comeBack()).state.value.phase).toBe("signed-in");
  expect(location.href).toBe(`${home}orders/42?view=full#notes`);
});

test.each<[string, Answer]>([
  ["cannot be reached", isDown],
  ["fails with 503", () => json({}, 503)],
  ["answers 429", () => json({}, 429)],
  ["shows a proxy's page", () => new Response("<h1>No</h1>", { status: 502 })],
])("retries a silent sign-in if the token endpoint %s", async (_, code) => {
  keycloak.code = code;
  await load();
  const { state } = await comeBack();
  if (state.value.phase !== "unavailable") expect.fail(state.value.phase);
  expect(state.value.doing).toBe("start");
  await state.value.retry();
  keycloak.code = () => tokens();
  expect((await comeBack()).state.value.phase).toBe("signed-in");
  expect(location.href).toBe(`${home}orders/42?view=full#notes`);
});

test.each<[string, Answer]>([
  ["refuses the code", refused("invalid_grant")],
  ["sends no valid ID token", () => tokens({ id_token: "no" })],
])("does not retry if the token endpoint %s", async (_, code) => {
  keycloak.code = code;
  await load();
  expect((await comeBack()).state.value.phase).toBe("refused");
});

test("does not use an answer of another tab", async () => {
  page.open(`${home}#state=other&error=Call+555`);
  const session = await load();
  const reason = "The answer of the sign-in service was lost, or belongs to another tab.";
  expect(session.state.value).toEqual({ phase: "refused", reason });
  expect(keycloak.requests).toHaveLength(1);
});

test("makes two silent attempts without an answer, and others when the user wants", async () => {
  await load();
  await load();
  const session = await load();
  expect(session.state.value.phase).toBe("refused");
  expect(page.left).toHaveLength(2);
  await session.start();
  expect(page.left).toHaveLength(3);
});

test("makes a silent attempt at each load if answers arrive", async () => {
  for (let loads = 0; loads < 3; loads += 1) {
    await load();
    expect((await comeBack({ error: "login_required" })).state.value.phase).toBe("signed-out");
  }
  expect(page.left).toHaveLength(3);
});

test("removes what a sign-in that was given up has left", async () => {
  await load();
  keep("sign-in old", { id: "old", created: 1 });
  await comeBack();
  expect(kept("sign-in old")).toBeUndefined();
});

test.each<[string, Answer, string]>([
  ["cannot be reached", isDown, "unavailable"],
  ["has no such realm", () => json({}, 404), "refused"],
  ["is no Keycloak", () => new Response("<h1>Hi</h1>"), "refused"],
  ["answers null", () => json(null), "refused"],
  ...Object.keys(metadata).map((name): [string, Answer, string] => [
    `does not name its ${name}`,
    () => json({ ...metadata, [name]: undefined }),
    "refused",
  ]),
])("does not leave if the address %s", async (_, discovery, phase) => {
  keycloak.discovery = discovery;
  expect((await load()).state.value.phase).toBe(phase);
  expect(page.left).toEqual([]);
});
