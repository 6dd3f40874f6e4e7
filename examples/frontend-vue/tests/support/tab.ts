import { afterEach, beforeEach, expect, vi } from "vitest";
import { nameOf } from "../../src/kept.ts";
import { type Session, createSession } from "../../src/session/session.ts";
import { type Page, openPage } from "./page.ts";

const realm = "https://login.example/realms/atlas";
/** The page's address. */
export const home = "https://app.example/";
const settings = {
  ...{ url: "https://login.example", realm: "atlas", clientId: "atlas-frontend" },
  ...{ redirectUri: home, postLogoutRedirectUri: `${home}bye`, permissionsClaim: "" },
};
/** What Keycloak tells about a realm. */
export const metadata = {
  issuer: realm,
  authorization_endpoint: `${realm}/auth`,
  token_endpoint: `${realm}/token`,
  end_session_endpoint: `${realm}/logout`,
};

/** An answer of Keycloak. */
export type Answer = () => Promise<Response> | Response;
/** An answer that is JSON. */
export const json = (body: unknown, status = 200) => Response.json(body, { status });
/** An answer with an error code of RFC 6749. */
export const refused = (error: string) => () => json({ error }, 400);
/** No answer. */
export const isDown = () => Promise.reject(new TypeError("Failed to fetch"));

/** Keycloak, as the test wants it to answer. */
export let keycloak: { discovery: Answer; code: Answer; renewal: Answer; requests: string[] };
/** The tab that the page is in. */
export let page: Page;
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
export function tokens(more: object = {}) {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const nonce = page.left.at(-1)?.searchParams.get("nonce");
  const claims = { iss: realm, aud: settings.clientId, sub: "dana", name: "Dana", nonce };
  const idToken = `${encode({ alg: "none" })}.${encode({ ...claims, exp: 9e9, iat: 1 })}.x`;
  const answer = { access_token: "access", refresh_token: "refresh", id_token: idToken };
  return json({ ...answer, token_type: "Bearer", expires_in: 300, scope: "openid", ...more });
}

/** Loads the page. */
export async function load(): Promise<Session> {
  const session = createSession(settings);
  await session.start();
  return session;
}

/** Comes back from Keycloak with an answer to the latest departure. */
export async function comeBack(
  answer: Record<string, string> = { code: "code" },
): Promise<Session> {
  page.open(home + fragmentOf(answer));
  return load();
}
function fragmentOf(answer: Record<string, string>): string {
  const state = page.left.at(-1)?.searchParams.get("state") ?? expect.fail("did not leave");
  return `#${new URLSearchParams({ state, ...answer }).toString()}`;
}

/** Loads the page, and signs in silently. */
export async function signedIn(): Promise<Session> {
  await load();
  const session = await comeBack();
  expect(session.state.value).toMatchObject({ phase: "signed-in", user: { name: "Dana" } });
  return session;
}
/** The `prompt` of each departure. */
export const prompts = () => page.left.map(({ searchParams }) => searchParams.get("prompt"));

/** An answer that arrives when the test wants it. */
export function held(answer: Answer) {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { release, answer: () => released.then(answer) };
}

/** Signs out in another tab. The latest page learns that. */
export async function signOutElsewhere() {
  const latest = tabs.at(-1);
  const isTold = new Promise((told) => latest?.addEventListener("message", told));
  new BroadcastChannel(nameOf("session")).postMessage("signed out");
  await isTold;
}
