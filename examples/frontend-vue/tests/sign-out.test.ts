import { expect, test, vi } from "vitest";
import { keep, kept } from "../src/kept.ts";
import {
  comeBack,
  held,
  home,
  isDown,
  json,
  keycloak,
  load,
  metadata,
  page,
  refused,
  signOutElsewhere,
  signedIn,
  tokens,
} from "./support/tab.ts";

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
