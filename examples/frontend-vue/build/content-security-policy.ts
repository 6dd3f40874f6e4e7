import type { Plugin } from "vite";
import type { Settings } from "./settings.ts";

/**
 * Nothing but the page's own files, and calls to Keycloak and the API alone.
 *
 * `form-action`: signing out posts the ID token to Keycloak, which sends the browser back to the page.
 * `trusted-types`: Vue's runtime has the one policy that may write HTML.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
export function contentSecurityPolicy(settings: Settings): string {
  const keycloak = new URL(settings.VITE_KEYCLOAK_URL).origin;
  const api = new URL(settings.VITE_API_URL).origin;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${[...new Set([keycloak, api])].join(" ")}`,
    `form-action 'self' ${keycloak}`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types vue",
  ].join("; ");
}

/** Puts the policy into the built page, so that it holds whatever server the page is served by. */
export function policyInPage(policy: string): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: () => [
        {
          tag: "meta",
          attrs: { "http-equiv": "Content-Security-Policy", content: policy },
          injectTo: "head-prepend",
        },
      ],
    },
  };
}

/** The policy in a page that {@link policyInPage} has built. */
export function policyOf(page: string): string | undefined {
  const written = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page)?.[1];
  return written?.replaceAll("&#39;", "'");
}
