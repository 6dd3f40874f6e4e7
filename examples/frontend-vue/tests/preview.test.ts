import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { build, preview } from "vite";

let folder = "";

beforeEach(async () => {
  vi.stubEnv("VITE_KEYCLOAK_URL", "https://login.example.com");
  vi.stubEnv("VITE_API_URL", "https://api.example.com");
  vi.stubEnv("VITE_POST_LOGOUT_REDIRECT_URI", "");
  folder = await mkdtemp(join(tmpdir(), "page-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const options = () =>
  ({
    root: join(import.meta.dirname, ".."),
    logLevel: "silent",
    build: { outDir: folder, emptyOutDir: true },
    preview: { host: "127.0.0.1", port: 0, strictPort: false },
  }) as const;

test("the preview sends every path of the page with the security headers", async () => {
  await build(options());
  const server = await preview(options());
  try {
    const [url = expect.fail("no address")] = server.resolvedUrls?.local ?? [];
    const page = await fetch(new URL("orders/42", url));
    expect(await page.text()).toContain("Content-Security-Policy");
    expect(Object.fromEntries(page.headers)).toMatchObject({
      "content-security-policy": expect.stringMatching(
        /^default-src 'none'; .*; frame-ancestors 'none'$/,
      ) as string,
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
  } finally {
    await server.close();
  }
});

test("there is no preview without a build", async () => {
  await expect(preview(options())).rejects.toThrow("there is no build to preview");
});
