import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { endToEnd } from "../support/end-to-end.ts";
import {
  clients,
  commandLines,
  outputs,
  preparePython,
  run,
  type Settings,
  startWatching,
} from "./support/third-party-clients.ts";
import { ThirdPartyStage } from "./support/third-party-stage.ts";

const { root, auth } = endToEnd();
const minute = 60_000;
const specialCharacters = "a+b%c:d ü\"\\'€&=é%2B";

beforeAll(preparePython, 5 * minute);

describe("a customer's app", () => {
  let stage: ThirdPartyStage;
  let acme: Settings, globex: Settings;

  beforeAll(async () => {
    stage = await ThirdPartyStage.open(root, "third-party");
    [acme, globex] = [await stage.settings("acme"), await stage.settings("globex")];
  }, 3 * minute);
  afterAll(() => stage.close());

  describe.each(clients)("with %s", (client) => {
    const items = async (settings: Settings) => {
      const { stdout } = await run(client, ["list"], settings);
      const { orders } = JSON.parse(stdout) as { orders: { item: string; quantity: number }[] };
      return orders.map(({ item, quantity }) => `${quantity} × ${item}`);
    };

    test("places an order, and lists only the orders of its customer", async () => {
      const item = `"${client}" \\ ü`;
      const placed = await run(client, ["place", item, "2"], globex);
      expect(placed).toMatchObject({ exitCode: 0, stderr: "" });
      expect(JSON.parse(placed.stdout)).toMatchObject({ item, quantity: 2 });
      expect(await items(globex)).toContain(`2 × ${item}`);
      expect(await items(acme)).toEqual([]);
    });

    test("names the permission that it lacks", async () => {
      const { exitCode, stderr } = await run(client, ["place", "pencil", "1"], acme);
      expect(stderr).toContain("the API does not permit this: ");
      expect(stderr).toContain("lacks orders:write");
      expect(exitCode).toBe(1);
    });

    test("reports why an order is not valid", async () => {
      const { exitCode, stderr } = await run(client, ["place", "pencil", "5000"], globex);
      expect(stderr).toContain("less than or equal to 1000");
      expect(exitCode).toBe(1);
    });

    test("waits as long as the API's rate limit demands, and then succeeds", async () => {
      const settings = { ...globex, API_URL: await stage.addApi("1 per 10 seconds") };
      stage.reset();
      expect(await run(client, ["list"], settings)).toMatchObject({ exitCode: 0 });
      expect(await run(client, ["place", "limited", "1"], settings)).toMatchObject({ exitCode: 0 });
      const placed = stage.seen.filter((line) => line.startsWith("POST"));
      expect(placed).toEqual(["POST /orders 429", "POST /orders 201"]);
    });

    test("does not wait longer than RETRY_SECONDS", async () => {
      const settings = { ...globex, API_URL: await stage.addApi("1 per hour") };
      await run(client, ["list"], settings);
      const { exitCode, stderr } = await run(client, ["list"], settings);
      expect(stderr).toMatch(/^orders: the API answers with HTTP 429.*; try again later$/);
      expect(exitCode).toBe(3);
    });

    test("has no secret and no token in a command line while it runs", async () => {
      const settings = await stage.settings("globex");
      const seen: string[] = [];
      const recordCommandLines = async () => {
        seen.push(...(await commandLines()));
        return undefined;
      };
      stage.reset({ before: recordCommandLines }, { before: recordCommandLines });
      await run(client, ["list"], settings);
      stage.reset();
      expect(seen.filter((line) => line.includes("orders."))).not.toHaveLength(0);
      const { CLIENT_ID, CLIENT_SECRET } = settings;
      const basic = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString("base64");
      // "eyJ" begins every token; programs of other tests may name a header
      const leaks = [CLIENT_SECRET, basic, "eyJ"];
      expect(seen.filter((line) => leaks.some((leak) => line.includes(leak)))).toEqual([]);
    });
  });

  test.each(clients)("%s signs an assertion instead of sending a secret", async (client) => {
    const settings = await stage.signedSettings("signed");
    expect(await run(client, ["list"], settings)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test.each(clients)("%s reports that its key is not the customer's", async (client) => {
    const { privateKey } = generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const settings = await stage.signedSettings("signed", privateKey);
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toMatch(/^orders: Keycloak refuses PRIVATE_KEY_FILE for "signed"/);
    expect(exitCode).toBe(1);
  });

  describe.each(["python", "node"] as const)(
    "with %s and a token that is bound to a key",
    (client) => {
      test("proves the key to Keycloak and to the API", async () => {
        const settings = { ...(await stage.signedSettings("bound")), TOKEN_BINDING: "dpop" };
        const placed = await run(client, ["place", "pencil", "1"], settings);
        expect(placed).toMatchObject({ exitCode: 0, stderr: "" });
      });

      test("reports that Keycloak demands the proof", async () => {
        const { exitCode, stderr } = await run(
          client,
          ["list"],
          await stage.signedSettings("bound"),
        );
        expect(stderr).toContain("TOKEN_BINDING");
        expect(exitCode).toBe(1);
      });
    },
  );

  test.each(["python", "node"] as const)(
    "%s lists the orders that are older than another one",
    async (client) => {
      const place = async (item: string) => {
        const { stdout } = await run(client, ["place", item, "1"], globex);
        return (JSON.parse(stdout) as { id: string }).id;
      };
      await place(`older, ${client}`);
      const id = await place(`newer, ${client}`);
      const { stdout } = await run(client, ["list", id], globex);
      expect(stdout).toContain(`older, ${client}`);
      expect(stdout).not.toContain(`newer, ${client}`);
    },
  );

  test("prints no secret and no token", () => {
    const printed = outputs.join("\n");
    for (const secret of stage.secrets) expect(printed).not.toContain(secret);
    expect(printed).not.toContain("eyJ");
    expect(printed).not.toMatch(/basic /i);
  });
});

describe("a customer's app with a Keycloak under /auth", () => {
  let stage: ThirdPartyStage;

  beforeAll(async () => {
    stage = await ThirdPartyStage.open(auth, "third-party");
  }, 3 * minute);
  afterAll(() => stage.close());

  test.each(clients)("%s places an order, and lists it", async (client) => {
    const globex = await stage.settings("globex");
    expect(globex.TOKEN_URL).toMatch(
      /\/auth\/realms\/third-party\/protocol\/openid-connect\/token$/,
    );
    const item = `under /auth, ${client}`;
    expect(await run(client, ["place", item, "1"], globex)).toMatchObject({ exitCode: 0 });
    expect((await run(client, ["list"], globex)).stdout).toContain(item);
  });
});

describe("a customer's app with special credentials or settings", () => {
  let stage: ThirdPartyStage;

  beforeAll(async () => {
    stage = await ThirdPartyStage.open(root, "third-party-credentials");
  }, 3 * minute);
  afterAll(() => stage.close());

  test.each(clients)("%s encodes an id and a secret with any characters", async (client) => {
    const settings = { ...(await stage.settings("hooli")), CLIENT_SECRET: specialCharacters };
    await stage.change("hooli", { secret: specialCharacters });
    expect(await run(client, ["list"], settings)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test.each(clients)("%s reports a wrong secret without a retry", async (client) => {
    const settings = { ...(await stage.settings("globex")), CLIENT_SECRET: "a wrong one" };
    stage.reset();
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toBe(
      'orders: Keycloak refuses CLIENT_SECRET for "globex" (unauthorized_client): use the latest secret that you received',
    );
    expect(exitCode).toBe(1);
    expect(stage.seen).toEqual(["token"]);
  });

  test.each(clients)(
    "%s reports that its customer is suspended without a retry",
    async (client) => {
      const settings = await stage.settings("initech");
      stage.reset();
      const { exitCode, stderr } = await run(client, ["list"], settings);
      expect(stderr).toBe(
        'orders: Keycloak refuses CLIENT_ID "initech" (invalid_client): the customer does not exist or is suspended; ask the operator of the API',
      );
      expect(exitCode).toBe(1);
      expect(stage.seen).toEqual(["token"]);
    },
  );

  test("watch continues after a suspension, and stops at SIGTERM", async () => {
    await stage.change("hooli", { attributes: { "access.token.lifespan": "2" } });
    const app = startWatching(await stage.settings("hooli"));
    const lines = app.iterable({ from: "all" })[Symbol.asyncIterator]();
    const until = async (pattern: RegExp) => {
      for (let next = await lines.next(); !next.done; next = await lines.next()) {
        outputs.push(next.value);
        if (pattern.test(next.value)) return;
      }
      throw new Error(`it ended before it printed ${pattern.source}`);
    };
    await until(/^found \d+ orders$/);
    await until(/^placed an order: 1 × pencil$/);
    await stage.change("hooli", { enabled: false });
    await until(/^orders: Keycloak refuses CLIENT_ID "hooli"/);
    await stage.change("hooli", { enabled: true });
    await until(/^found \d+ orders$/);
    app.kill("SIGTERM");
    await until(/^stopped$/);
    expect(await app).toMatchObject({ exitCode: 0 });
  });
});
