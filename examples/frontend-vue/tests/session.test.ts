import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keep, kept, nameOf } from "../src/kept.ts";
import { type Session, createSession } from "../src/session/session.ts";
import { type Page, openPage } from "./support/page.ts";

const realm = "https://login.example/realms/atlas";
const home = "https://app.example/";
const settings = {
  ...{ url: "https://login.example", realm: "atlas", clientId: "atlas-frontend" },
  ...{ redirectUri: home, postLogoutRedirectUri: `${home}bye`, permissionsClaim: "" },
};
const metadata = {
  issuer: realm,
  authorization_endpoint: `${realm}/auth`,
  token_endpoint: `${realm}/token`,
  end_session_endpoint: `${realm}/logout`,
};

type Answer = () => Promise<Response> | Response;
const json = (body: unknown, status = 200) => Response.json(body, { status });
const refused = (error: string) => () => json({ error }, 400);
const isDown = () => Promise.reject(new TypeError("Failed to fetch"));

/** Keycloak, as the test wants it to answer. */
let keycloak: { discovery: Answer; code: Answer; renewal: Answer; requests: string[] };
let page: Page;
let tabs: BroadcastChannel[] = [];

beforeEach(() => {
  page = openPage(`${home}orders/42?view=full#notes`);
  keycloak = {
    discovery: () => json(metadata),
    code: () => tokens(),
    renewal: () => tokens(),
    requests: [],
  };
  vi.stubGlobal("fetch", (address: string | URL, init?: RequestInit) => {
    const { pathname } = new URL(address);
    keycloak.requests.push(pathname);
    if (pathname.endsWith("/openid-configuration")) return Promise.resolve(keycloak.discovery());
    const body = new URLSearchParams(init?.body as URLSearchParams);
    const isRenewal = body.get("grant_type") === "refresh_token";
    return Promise.resolve(isRenewal ? keycloak.renewal() : keycloak.code());
  });
  const Channel = BroadcastChannel;
  vi.stubGlobal("BroadcastChannel", function open(name: string) {
    const channel = new Channel(name);
    tabs.push(channel);
    return channel;
  });
});
afterEach(() => {
  for (const tab of tabs) tab.close();
  tabs = [];
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Tokens for the latest departure. */
function tokens(more: object = {}) {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const nonce = page.left.at(-1)?.searchParams.get("nonce");
  const claims = { iss: realm, aud: settings.clientId, sub: "dana", name: "Dana", nonce };
  const idToken = `${encode({ alg: "none" })}.${encode({ ...claims, exp: 9e9, iat: 1 })}.x`;
  const answer = { access_token: "access", refresh_token: "refresh", id_token: idToken };
  return json({ ...answer, token_type: "Bearer", expires_in: 300, scope: "openid", ...more });
}

/** Loads the page. */
async function load(): Promise<Session> {
  const session = createSession(settings);
  await session.start();
  return session;
}

/** Comes back from Keycloak with an answer to the latest departure. */
async function comeBack(answer: Record<string, string> = { code: "code" }): Promise<Session> {
  page.open(home + fragmentOf(answer));
  return load();
}
function fragmentOf(answer: Record<string, string>): string {
  const state = page.left.at(-1)?.searchParams.get("state") ?? expect.fail("did not leave");
  return `#${new URLSearchParams({ state, ...answer }).toString()}`;
}

/** Loads the page, and signs in silently. */
async function signedIn(): Promise<Session> {
  await load();
  const session = await comeBack();
  expect(session.state.value).toMatchObject({ phase: "signed-in", user: { name: "Dana" } });
  return session;
}
const prompts = () => page.left.map(({ searchParams }) => searchParams.get("prompt"));

/** An answer that arrives when the test wants it. */
function held(answer: Answer) {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { release, answer: () => released.then(answer) };
}

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

test("signs out once, with the ID token, however often the user wants that", async () => {
  const session = await signedIn();
  await Promise.all([session.signOut(), session.signOut()]);
  expect(page.posted).toEqual([
    {
      address: metadata.end_session_endpoint,
      fields: {
        client_id: "atlas-frontend",
        id_token_hint: expect.stringMatching(/^ey.*\.x$/) as string,
        post_logout_redirect_uri: `${home}bye`,
      },
    },
  ]);
  page.open(`${home}bye`);
  expect((await load()).state.value.phase).toBe("signed-out");
});

test("signs out with the ID token as soon as Keycloak responds", async () => {
  const session = await signedIn();
  keycloak.discovery = isDown;
  await session.signOut();
  const { value } = session.state;
  if (value.phase !== "unavailable") expect.fail(value.phase);
  expect(value.doing).toBe("sign out");
  await value.retry();
  expect(session.state.value.phase).toBe("unavailable");
  keycloak.discovery = () => json(metadata);
  await value.retry();
  expect(page.posted.map(({ fields }) => fields.id_token_hint)).toEqual([
    expect.stringMatching(/^ey/),
  ]);
});

test("does not send an empty ID token", async () => {
  keycloak.code = () => tokens({ id_token: undefined, scope: "orders:read" });
  await load();
  const session = await comeBack();
  await session.signOut();
  expect(page.posted).toHaveLength(1);
  expect(page.posted[0]?.fields).not.toHaveProperty("id_token_hint");
});

test("does not sign in again if a renewal is refused during a sign-out", async () => {
  const session = await signedIn();
  const { answer, release } = held(refused("invalid_grant"));
  keycloak.renewal = answer;
  const renewal = session.accessToken({ renewed: true });
  const leaving = session.signOut();
  release();
  expect(await renewal).toEqual({ missing: "ended" });
  await leaving;
  expect(session.state.value).toEqual({ phase: "leaving", to: "sign out" });
  expect(page.left).toHaveLength(1);
});

test("removes what it keeps, and nothing of other pages", async () => {
  const session = await signedIn();
  keep("new order", { user: "dana" });
  sessionStorage.setItem("of another page", "1");
  await session.signOut();
  expect(kept("new order")).toBeUndefined();
  expect(Object.keys(sessionStorage)).toEqual(["of another page"]);
});

/** Signs out in another tab. The latest page learns that. */
async function signOutElsewhere() {
  const latest = tabs.at(-1);
  const isTold = new Promise((told) => latest?.addEventListener("message", told));
  new BroadcastChannel(nameOf("session")).postMessage("signed out");
  await isTold;
}

test.each(["signed in", "exchanging its code"])(
  "signs out in another tab, which is %s",
  async (doing) => {
    await load();
    const { answer, release } = held(() => tokens());
    keycloak.code = answer;
    const coming = comeBack();
    await vi.waitUntil(() => keycloak.requests.at(-1)?.endsWith("/token"));
    if (doing === "signed in") {
      release();
      await coming;
    }
    await signOutElsewhere();
    release();
    expect((await coming).state.value.phase).toBe("signed-out");
    expect(await (await coming).accessToken()).toEqual({ missing: "ended" });
  },
);

test("does not go to Keycloak after a sign-out in another tab", async () => {
  const { answer, release } = held(() => json(metadata));
  keycloak.discovery = answer;
  const loading = load();
  await signOutElsewhere();
  release();
  expect((await loading).state.value.phase).toBe("signed-out");
  expect(page.left).toEqual([]);
});

test("comes back from Keycloak although another tab has signed out meanwhile", async () => {
  await load();
  await signOutElsewhere();
  expect((await comeBack({ error: "login_required" })).state.value.phase).toBe("signed-out");
});

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
