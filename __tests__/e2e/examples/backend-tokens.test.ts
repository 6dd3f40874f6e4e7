import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { BackendStage } from "./support/backend-stage.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { forgedTokens, type InvalidToken } from "./support/forged-tokens.ts";
import { audienceMapper, tokenOfAnotherRealm } from "./support/other-realm.ts";
import { until } from "../support/until.ts";

const { root } = endToEnd();
const otherRealm = "backend-tokens-other";

describe("the backend, with invalid tokens", () => {
  let stage: BackendStage;
  let acme: string;
  let shortLived: string;
  let refused: Record<string, InvalidToken>;

  beforeAll(async () => {
    stage = await BackendStage.open(root, "backend-tokens");
    const { admin, realm, issuer } = stage;
    const [frontend] = await admin.clients.find({ realm, clientId: "atlas-frontend" });
    await admin.clients.addProtocolMapper({ realm, id: frontend?.id ?? "" }, audienceMapper("id"));
    const user = await stage.user("ann");
    acme = await stage.customer("acme");
    refused = {
      ...(await forgedTokens(issuer, acme)),
      "for another API": { token: await stage.customer("elsewhere"), reason: "not for this API" },
      "for no API": {
        token: await stage.tokenWithout("atlas-api-audience", "globex"),
        reason: "not valid",
      },
      "of another realm": {
        token: await tokenOfAnotherRealm(admin, root.url, otherRealm),
        reason: "key is unknown",
      },
      "an ID token": { token: user.id_token, reason: "not one of Keycloak's access tokens" },
      "a refresh token": { token: user.refresh_token, reason: "algorithm is not allowed" },
      rubbish: { token: "rubbish", reason: "not valid" },
      "8 KB of rubbish": { token: "rubbish-".repeat(1000), reason: "not valid" },
    };
    // last, because it has to be valid in the first test
    shortLived = await stage.shortLivedToken("reader", 1);
  });
  afterAll(async () => {
    await stage.admin.realms.del({ realm: otherRealm });
    await stage.close();
  });

  /** Reads an answer completely. */
  const readAnswer = async (
    status: number,
    header: (name: string) => unknown,
    body: Promise<string>,
  ) => ({
    status,
    type: header("content-type"),
    challenge: header("www-authenticate"),
    body: JSON.parse(await body) as unknown,
  });
  const called = async (path: string, token?: string) => {
    const calling = token === undefined ? fetch(stage.url + path) : stage.call(path, token);
    const answer = await calling;
    return readAnswer(answer.status, (name) => answer.headers.get(name), answer.text());
  };
  /** The complete refusal that RFC 6750 and RFC 9457 require. */
  const refusal = (status: number, error: string, detail: string) => ({
    status,
    type: "application/problem+json",
    challenge: expect.stringMatching(
      new RegExp(`^Bearer realm="atlas-api", error="${error}", error_description="[^"]*${detail}`),
    ),
    body: {
      type: "about:blank",
      title: expect.any(String),
      status,
      detail: expect.stringContaining(detail),
    },
  });

  test("accepts a valid token", async () => {
    expect((await stage.call("/orders", acme)).status).toBe(200);
    expect((await stage.call("/orders", shortLived)).status).toBe(200);
  });

  test.each([
    "for another API",
    "for no API",
    "of another realm",
    "an ID token",
    "a refresh token",
    "alg: none",
    "alg: none with the real signature",
    "signed by HS256 with the public key",
    "signed by another key",
    "altered to name another customer",
    "without its signature",
    "rubbish",
    "8 KB of rubbish",
  ])("refuses a token: %s", async (kind) => {
    const { token, reason } = refused[kind] ?? { token: "", reason: "" };
    let answer = await called("/orders", token);
    await until("the token's key may be looked up", async () => {
      if (answer.status === 503) answer = await called("/orders", token);
      return answer.status !== 503;
    });
    expect(answer).toEqual(refusal(401, "invalid_token", reason));
  });

  test("the forged tokens have the flaws that their names describe", () => {
    const of = (kind: string) => refused[kind]?.token ?? "";
    const { kid } = decodeProtectedHeader(acme);
    for (const kind of [
      "alg: none",
      "signed by HS256 with the public key",
      "signed by another key",
    ])
      expect(decodeProtectedHeader(of(kind)).kid).toBe(kid);
    expect(decodeJwt(of("for another API")).aud).toBe("stock-api");
    expect(decodeJwt(of("for no API")).aud).toBeUndefined();
    expect(decodeJwt(of("of another realm"))).toMatchObject({
      aud: expect.arrayContaining(["atlas-api"]),
      azp: "acme",
    });
    expect(decodeJwt(of("an ID token"))).toMatchObject({
      typ: "ID",
      aud: expect.arrayContaining(["atlas-api"]),
    });
    expect(of("8 KB of rubbish")).toHaveLength(8000);
  });

  test("asks for a token if none is sent, without an error code", async () => {
    expect(await called("/orders")).toMatchObject({
      status: 401,
      type: "application/problem+json",
      challenge: expect.stringMatching(
        `^Bearer realm="atlas-api", ${stage.metadataParameter}, DPoP realm="atlas-api", algs="`,
      ) as unknown,
    });
  });

  test("refuses a token in the query next to one in the header", async () => {
    expect(await called(`/orders?access_token=${acme}`, acme)).toEqual(
      refusal(400, "invalid_request", "in the query"),
    );
  });

  test("refuses two Authorization headers, each with a valid token", async () => {
    const header = ["Authorization", `Bearer ${acme}`];
    const headers = ["Host", "localhost", ...header, ...header];
    const twice = request(`${stage.url}/orders`, { headers }).end();
    const [answer] = (await once(twice, "response")) as [IncomingMessage];
    expect(
      await readAnswer(answer.statusCode ?? 0, (name) => answer.headers[name], text(answer)),
    ).toEqual(refusal(400, "invalid_request", "not one access token"));
  });

  test("refuses an expired token", async () => {
    await until("the token has expired", async () => {
      const { status } = await stage.call("/orders", shortLived);
      return status !== 200;
    });
    expect(await called("/orders", shortLived)).toEqual(
      refusal(401, "invalid_token", "has expired"),
    );
  });

  test("logs no token and no stack trace", async () => {
    await stage.stop();
    const log = stage.lines.join("\n");
    const sent = [acme, shortLived, ...Object.values(refused).map(({ token }) => token)];
    for (const token of sent.filter((one) => one !== "rubbish"))
      for (const segment of token.split(".").filter((one) => one.length >= 40))
        for (const piece of [segment.slice(0, 40), segment.slice(-40)])
          expect(log).not.toContain(piece);
    expect(log).not.toContain("Traceback");
    expect(log).toContain('"status": 401');
  });
});
