import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeProtectedHeader } from "jose";
import { BackendStage } from "./support/backend-stage.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { withKeyId } from "./support/forged-tokens.ts";
import { Gateway } from "./support/gateway.ts";
import { until } from "../support/until.ts";

const { root } = endToEnd();

describe("the signing keys of the backend", () => {
  let gateway: Gateway;
  let stage: BackendStage;
  let before: string;
  let after: string;
  let fetches = 0;

  const countFetch = ({ path }: { path: string }) => {
    if (path.endsWith("/certs")) fetches += 1;
    return undefined;
  };
  const statuses = async (token: string, calls: number) => {
    const answers = Array.from({ length: calls }, () => stage.call("/orders", token));
    return [...new Set((await Promise.all(answers)).map(({ status }) => status))];
  };

  beforeAll(async () => {
    gateway = await Gateway.open(root.url);
    gateway.rules = { before: countFetch };
    stage = await BackendStage.open(root, "backend-keys", { keycloak: gateway.url });
    before = await stage.customer("acme");
  });
  afterAll(async () => {
    await gateway.close();
    await stage.close();
  });

  test("are fetched once", async () => {
    expect(await statuses(before, 50)).toEqual([200]);
    expect(fetches).toBe(1);
  });

  test("cause few requests to Keycloak if many key ids are unknown", async () => {
    const invented = Array.from({ length: 200 }, (_, index) => withKeyId(`key-${index}`, before));
    fetches = 0;
    const answers = await Promise.all(
      invented.map(async (token) => (await stage.call("/orders", await token)).status),
    );
    // 401 if Keycloak was asked, and 503 if it must not be asked yet
    expect([401, 503]).toEqual(expect.arrayContaining([...new Set(answers)]));
    expect(fetches).toBeLessThanOrEqual(10);
  });

  test("work without a restart if Keycloak adds one, and the old one stays valid", async () => {
    const { admin, realm } = stage;
    const { id = "" } = (await admin.realms.findOne({ realm })) ?? {};
    await admin.components.create({
      realm,
      name: "rotated",
      parentId: id,
      providerId: "rsa-generated",
      providerType: "org.keycloak.keys.KeyProvider",
      config: { priority: ["200"], algorithm: ["RS256"] },
    });
    after = await stage.customer("acme");
    fetches = 0;
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    await until("the backend knows the new key", async () => {
      const known = await statuses(after, 20);
      expect([200, 503]).toEqual(expect.arrayContaining(known));
      return known.length === 1 && known[0] === 200;
    });
    expect(fetches).toBeGreaterThanOrEqual(1);
    expect(await statuses(before, 20)).toEqual([200]);
  });

  test("stay valid during an outage of Keycloak, and unknown ones get 503", async () => {
    gateway.rules = {
      before: () => {
        throw new Error("Keycloak cannot be reached");
      },
    };
    const unknown = await withKeyId("unknown", before);
    let answer = await stage.call("/orders", unknown);
    await until("the backend fails to fetch keys", async () => {
      answer = await stage.call("/orders", unknown);
      return answer.status === 503;
    });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await statuses(before, 20)).toEqual([200]);
    expect(await statuses(after, 20)).toEqual([200]);
    gateway.rules = { before: countFetch };
    await until("the backend fetches keys again", async () => {
      const [status] = await statuses(unknown, 1);
      return status === 401;
    });
  });
});
