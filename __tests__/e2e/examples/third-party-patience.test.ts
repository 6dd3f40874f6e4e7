import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { freePort } from "../../../system/ports.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { clients, listOften, preparePython, run } from "./support/third-party-clients.ts";
import { ThirdPartyStage } from "./support/third-party-stage.ts";

const { root } = endToEnd();
const minute = 60_000;
const listed = { exitCode: 0, stderr: "" };
const repeat = <T>(times: number, value: T) => Array.from({ length: times }, () => value);

let stage: ThirdPartyStage;
beforeAll(async () => {
  await preparePython();
  stage = await ThirdPartyStage.open(root, "third-party-patience");
}, 5 * minute);
afterAll(() => stage.close());

/** A rule that answers the first requests itself, with this status. */
function answerFirst(times: number, status: number) {
  let left = times;
  return { before: () => (left-- > 0 ? status : undefined) };
}

describe.each(clients)("the %s client", (client) => {
  test("requests one token for parallel calls, and uses it again", async () => {
    const settings = await stage.settings("globex");
    stage.reset();
    for (const ran of await listOften(client, settings, 0)) expect(ran).toMatchObject(listed);
    expect(stage.seen.slice(1)).toEqual(repeat(6, "GET /orders 200"));
    expect(stage.tokenRequests).toBe(1);
  });

  test("requests a new token shortly before the old one expires", async () => {
    await stage.change("hooli", { attributes: { "access.token.lifespan": "5" } });
    const settings = await stage.settings("hooli");
    stage.reset();
    for (const ran of await listOften(client, settings, 4.6)) expect(ran).toMatchObject(listed);
    expect(stage.tokenRequests).toBe(2);
    expect(stage.seen.filter((line) => line.endsWith(" 401"))).toEqual([]);
  });

  test("renews its token once if the API refuses it, and repeats the call", async () => {
    const settings = await stage.settings("globex");
    stage.reset({}, answerFirst(1, 401));
    expect(await run(client, ["place", "refused", "1"], settings)).toMatchObject(listed);
    expect(stage.seen).toEqual(["token", "POST /orders 401", "token", "POST /orders 201"]);
  });

  test("gives up if the API refuses the new token too", async () => {
    const settings = await stage.settings("globex");
    stage.reset({}, answerFirst(9, 401));
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toBe(
      "orders: the API refuses new tokens too; check that TOKEN_URL and API_URL belong together",
    );
    expect(exitCode).toBe(1);
    expect(stage.seen).toEqual(["token", "GET /orders 401", "token", "GET /orders 401"]);
  });

  test("waits as long as the API's rate limit demands, and then succeeds", async () => {
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

  test("does not wait longer than RETRY_SECONDS", async () => {
    const api = await stage.addApi("1 per hour");
    const settings = { ...(await stage.settings("globex")), API_URL: api };
    await run(client, ["list"], settings);
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toMatch(
      /^orders: the API answers with HTTP 429, and asks to wait 3[56]\d\d s; gave up at attempt 1, try again later$/,
    );
    expect(exitCode).toBe(3);
  });

  test("retries if Keycloak is unavailable for a moment", async () => {
    const settings = await stage.settings("globex");
    stage.reset(answerFirst(2, 503));
    expect(await run(client, ["list"], settings)).toMatchObject(listed);
    expect(stage.seen).toEqual([...repeat(3, "token"), "GET /orders 200"]);
  });

  test("gives up if Keycloak stays unreachable", async () => {
    const unreachable = `http://localhost:${await freePort()}/token`;
    const settings = {
      ...(await stage.settings("globex")),
      TOKEN_URL: unreachable,
      RETRY_SECONDS: "3",
    };
    const { exitCode, stderr } = await run(client, ["list"], settings);
    expect(stderr).toMatch(
      /^orders: Keycloak cannot be reached \(.*\); gave up at attempt [23], try again later$/,
    );
    expect(exitCode).toBe(3);
  });

  test("lists again if the connection is lost", async () => {
    const settings = await stage.settings("globex");
    stage.reset({}, loseFirstAnswer());
    expect(await run(client, ["list"], settings)).toMatchObject(listed);
    expect(stage.seen).toEqual(["token", ...repeat(2, "GET /orders 200")]);
  });

  test.each([
    { how: "the connection is lost", api: loseFirstAnswer, status: 201 },
    { how: "a proxy answers with 502", api: () => answerFirst(1, 502), status: 502 },
  ])("does not place an order twice if $how", async ({ api, status }) => {
    const settings = await stage.settings("globex");
    stage.reset({}, api());
    const { exitCode, stderr } = await run(client, ["place", "perhaps", "1"], settings);
    expect(stderr).toMatch(
      /^orders: .*, but (the call may have succeeded|.*may have placed the order); check before you repeat it$/,
    );
    expect(exitCode).toBe(3);
    expect(stage.seen).toEqual(["token", `POST /orders ${status}`]);
  });

  test("tries again to place an order if the API was not reached", async () => {
    const unreachable = `http://localhost:${await freePort()}`;
    const settings = {
      ...(await stage.settings("globex")),
      API_URL: unreachable,
      RETRY_SECONDS: "3",
    };
    const { exitCode, stderr } = await run(client, ["place", "pencil", "1"], settings);
    expect(stderr).toMatch(
      /^orders: the API cannot be reached \(.*\); gave up at attempt [23], try again later$/,
    );
    expect(exitCode).toBe(3);
  });
});

/** A rule that loses the first answer on its way to the client. */
function loseFirstAnswer() {
  let lost = false;
  return {
    after: () => {
      if (lost) return;
      lost = true;
      throw new Error("lost");
    },
  };
}
