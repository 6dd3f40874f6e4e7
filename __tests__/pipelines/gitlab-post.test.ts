import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as bodyOf } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

interface Written {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly body: { readonly body?: string; readonly description?: string };
}

let folder: string;
let server: Server;
let written: Written[];
/** Notes and issues that GitLab has. */
let existing: object[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "gitlab-"));
  written = [];
  existing = [];
  server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const { method, url } = request;
      if (method !== "GET")
        written.push({ method, path: url, body: JSON.parse(body) as Written["body"] });
      response.end(JSON.stringify(url === "/user" ? { id: 1 } : existing));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs `.gitlab/post.mjs` with a text. */
async function post(task: string, text: string, ...args: string[]): Promise<void> {
  const file = join(folder, "text.md");
  writeFileSync(file, text);
  const { port } = server.address() as AddressInfo;
  await execa(process.execPath, [".gitlab/post.mjs", task, file, ...args], {
    env: {
      REALM_ENV: "production",
      CI_API_V4_URL: `http://127.0.0.1:${port}`,
      CI_PROJECT_ID: "1",
      CI_MERGE_REQUEST_IID: "7",
      CI_JOB_URL: "https://gitlab.example/jobs/1",
      POST_TOKEN: "token",
    },
  });
}

const footer = "\n<sub>by [this job](https://gitlab.example/jobs/1)</sub>";

describe("the note on a merge request", () => {
  const notes = "/projects/1/merge_requests/7/notes";

  test("is the review, and mentions nobody", async () => {
    await post("note", "by @octocat, api@acme.example\n");
    const body = `<!-- review of production -->\n\nby @\u200boctocat, api@acme.example\n${footer}`;
    expect(written).toEqual([{ method: "POST", path: notes, body: { body } }]);
  });

  test("replaces the earlier note of the same token", async () => {
    const body = "<!-- review of production -->";
    existing = [
      { id: 3, author: { id: 2 }, body },
      { id: 4, author: { id: 1 }, body },
    ];
    await post("note", "a review\n");
    expect(written).toMatchObject([{ method: "PUT", path: `${notes}/4` }]);
  });

  test("is not cut at 65,536 characters, because GitLab accepts more", async () => {
    const review = `| ${"株".repeat(98)} |\n`.repeat(1000);
    await post("note", review);
    expect(written[0]?.body.body).toContain(review);
  });

  test("fits into GitLab's 1,000,000 characters after mentions are broken up", async () => {
    await post("note", `${" @".repeat(50)}\n`.repeat(9000));
    const body = written[0]?.body.body ?? "";
    expect(body.length).toBeLessThanOrEqual(1_000_000);
    expect(body).toMatch(/@\u200b\n\n… The rest is in the job's log\.\n\n<sub>/);
  });
});

test("the issue about drift on GitLab is cut and quiet in the same way", async () => {
  await post("drift", "| @a |\n".repeat(200_000), "1");
  const description = written[0]?.body.description ?? "";
  expect(description.length).toBeLessThanOrEqual(1_000_000);
  expect(description).toMatch(/@\u200ba \|\n\n… The rest is in the job's log\.\n\n<sub>/);
});
