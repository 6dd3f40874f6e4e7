import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { freePort } from "../../system/ports.ts";
import { endToEnd } from "./support/end-to-end.ts";
import { clients, listOften, preparePython, run } from "./support/third-party-clients.ts";
import { ThirdPartyStage } from "./support/third-party-stage.ts";

const { root } = endToEnd();
const minutes = 60_000;
const listed = { exitCode: 0, stderr: "" };
const repeat = <T>(times: number, value: T) => Array.from({ length: times }, () => value);

let stage: ThirdPartyStage;
beforeAll(async () => {
  await preparePython();
  stage = await ThirdPartyStage.open(root, "third-party-patience");
}, 5 * minutes);
afterAll(() => stage.close());

/** A rule that answers the first requests itself. */
function first(times: number, status: number) {
  let left = times;
  return { before: () => (left-- > 0 ? status : undefined) };
}

describe.each(clients)("%s", (client) => {
  test("asks for one token for parallel calls, and keeps it for the next", async () => {
    const settings = await stage.settings("globex");
    stage.reset();
    for (const ran of await listOften(client, settings, 0)) expect(ran).toMatchObject(listed);
    expect(stage.seen.slice(1)).toEqual(repeat(6, "GET /orders 200"));
    expect(stage.tokenRequests).toBe(1);
  });

  test("asks for a new token shortly before the old one ends", async () => {
    await stage.change("hooli", { attributes: { "access.token.lifespan": "5" } });
    const settings = await stage.settings("hooli");
    stage.reset();
    for (const ran of await listOften(client, settings, 4.6)) expect(ran).toMatchObject(listed);
    expect(stage.tokenRequests).toBe(2);
    expect(stage.seen.filter((line) => line.endsWith(" 401"))).toEqual([]);
  });

  test("renews its token once where the API refuses it, and repeats the call", async () => {
    const settings = await stage.settings("globex");
    stage.reset({}, first(1, 401));
    expect(await run(client, ["place", "refused", "1"], settings)).toMatchObject(listed);
    expect(stage.seen).toEqual(["token", "POST /orders 401", "token", "POST /orders 201"]);
  });

  test("gives up where the API refuses the new token too", async () => {
    const settings = await stage.settings("globex");
    stage.reset({}, first(9, 401));
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toBe(
      "orders: the API refuses new tokens too; check that TOKEN_URL and API_URL belong together",
    );
    expect(exitCode).toBe(1);
    expect(stage.seen).toEqual(["token", "GET /orders 401", "token", "GET /orders 401"]);
  });

  test("waits as long as the API's rate limit says, and then it works", async () => {
    const settings = {
      ...(await stage.settings("globex")),
      API_URL: await stage.addApi("1 per 3 seconds"),
    };
    stage.reset();
    expect(await run(client, ["list"], settings)).toMatchObject(listed);
    expect(await run(client, ["place", "limited", "1"], settings)).toMatchObject(listed);
    const placed = stage.seen.filter((line) => line.startsWith("POST"));
    expect(placed).toEqual(["POST /orders 429", "POST /orders 201"]);
  });

  test("does not wait longer than it may", async () => {
    const api = await stage.addApi("1 per hour");
    const settings = { ...(await stage.settings("globex")), API_URL: api };
    await run(client, ["list"], settings);
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toMatch(
      /^orders: the API answers with HTTP 429, and asks to wait 3[56]\d\d s; gave up at attempt 1, try again later$/,
    );
    expect(exitCode).toBe(3);
  });

  test("waits for a Keycloak that is away for a moment", async () => {
    const settings = await stage.settings("globex");
    stage.reset(first(2, 503));
    expect(await run(client, ["list"], settings)).toMatchObject(listed);
    expect(stage.seen).toEqual([...repeat(3, "token"), "GET /orders 200"]);
  });

  test("ends clearly where Keycloak is away for good", async () => {
    const nobody = `http://localhost:${await freePort()}/token`;
    const settings = { ...(await stage.settings("globex")), TOKEN_URL: nobody, RETRY_SECONDS: "3" };
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toMatch(
      /^orders: Keycloak cannot be reached \(.*\); gave up at attempt [23], try again later$/,
    );
    expect(exitCode).toBe(3);
  });

  test("lists again where the connection is lost", async () => {
    const settings = await stage.settings("globex");
    stage.reset({}, lostOnce());
    expect(await run(client, ["list"], settings)).toMatchObject(listed);
    expect(stage.seen).toEqual(["token", ...repeat(2, "GET /orders 200")]);
  });

  test.each([
    { how: "the connection is lost", api: lostOnce, status: 201 },
    { how: "a proxy answers with 502", api: () => first(1, 502), status: 502 },
  ])("does not place an order twice where $how", async ({ api, status }) => {
    const settings = await stage.settings("globex");
    stage.reset({}, api());
    const { exitCode, stderr } = await run(client, ["place", "perhaps", "1"], settings);
    expect(stderr).toMatch(/^orders: .*; check before you repeat it$/);
    expect(exitCode).toBe(3);
    expect(stage.seen).toEqual(["token", `POST /orders ${status}`]);
  });

  test("tries again to place an order where the API has not been reached", async () => {
    const nobody = `http://localhost:${await freePort()}`;
    const settings = { ...(await stage.settings("globex")), API_URL: nobody, RETRY_SECONDS: "3" };
    const { exitCode, stderr } = await run(client, ["place", "pencil", "1"], settings);
    expect(stderr).toMatch(
      /^orders: the API cannot be reached \(.*\); gave up at attempt [23], try again later$/,
    );
    expect(exitCode).toBe(3);
  });
});

/** A rule that loses the first answer on its way back. */
function lostOnce() {
  let lost = false;
  return {
    after: () => {
      if (lost) return;
      lost = true;
      throw new Error("lost");
    },
  };
}
