import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";
import { load } from "../support/servers/load.ts";
import { backendFolder } from "../../../local/demo/backend.ts";
import { BackendStage } from "./support/backend-stage.ts";
import { endToEnd } from "../support/end-to-end.ts";
import { developmentEnvironment } from "../support/python.ts";
import { until } from "../support/until.ts";

const { root } = endToEnd();

describe("the backend under load", () => {
  let stage: BackendStage;

  beforeAll(async () => {
    stage = await BackendStage.open(root, "backend-load");
  });
  afterAll(() => stage.close());

  test("answers every request of Schemathesis as its OpenAPI description specifies", async () => {
    const folder = await mkdtemp(join(tmpdir(), "schemathesis-"));
    const programs = await developmentEnvironment("examples/backend-flask");
    const { failed, all } = await execa(
      join(programs, "schemathesis"),
      [
        ...["--config-file", join(backendFolder, "schemathesis.toml"), "run"],
        ...[
          "--checks",
          "all",
          "--max-examples",
          "25",
          "--generation-deterministic",
          `${stage.url}/openapi.json`,
        ],
      ],
      {
        cwd: folder,
        env: { TOKEN: await stage.customer("acme") },
        stdin: "ignore",
        all: true,
        reject: false,
      },
    );
    await rm(folder, { recursive: true });
    expect(failed ? all : "").toBe("");
    expect(await stage.items(await stage.customer("acme"))).not.toEqual([]);
  });

  test("verifies and answers 200 calls per second for 30 s without an error", async () => {
    const token = await stage.customer("globex");
    const { errors, statuses } = await load(`${stage.url}/orders`, token, 200, 30);
    expect({ errors, statuses }).toEqual({ errors: 0, statuses: { 200: 200 * 30 } });
  });

  test("applies the rate limit to each customer separately", async () => {
    await stage.stop();
    await stage.start("30 per 15 seconds");
    const [acme, globex] = [await stage.customer("acme"), await stage.customer("globex")];
    const calls = Array.from({ length: 40 }, () => stage.call("/orders", acme));
    const answers = await Promise.all(calls);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
    expect(refused).toHaveLength(10);
    for (const { headers } of refused) {
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(headers.get("retry-after")).toMatch(/^([1-9]|1[0-5])$/);
    }
    expect((await stage.call("/orders", globex)).status).toBe(200);
    await until("the customer may call again", async () => {
      const { status } = await stage.call("/orders", acme);
      return status === 200;
    });
  });
});
