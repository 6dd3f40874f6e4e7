import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { policyOf } from "./content-security-policy.ts";
import { oneLineError } from "./settings.ts";

/** A plugin that makes `vite preview` send the security headers with every file. */
export function headersInPreview(): Plugin {
  return {
    name: "security-headers",
    configurePreviewServer: ({ config, middlewares }) => {
      const headers = securityHeaders(resolve(config.root, config.build.outDir, "index.html"));
      middlewares.use((_, answer, next) => {
        for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value);
        next();
      });
    },
  };
}

/**
 * The headers that a server should send with the page: the policy of the build, with `frame-ancestors`, and others.
 *
 * @see [OWASP: HTTP security response headers](https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html)
 */
function securityHeaders(pageFile: string): Record<string, string> {
  const policy = existsSync(pageFile) ? policyOf(readFileSync(pageFile, "utf8")) : undefined;
  if (policy === undefined) throw oneLineError("there is no build to preview; run npm run build");
  return {
    "Content-Security-Policy": `${policy}; frame-ancestors 'none'`,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy":
      "camera=(), display-capture=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
  };
}
