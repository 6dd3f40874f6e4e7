import type { Plugin } from "vite";
import type { Settings } from "./settings.ts";

/**
 * The content security policy: only the page's own files, and calls only to Keycloak and the API.
 *
 * `form-action`: signing out posts the ID token to Keycloak, which redirects the browser to the page.
 * `trusted-types`: only Vue's runtime may write HTML.
 *
 * @see [Content Security Policy Level 3](https://www.w3.org/TR/CSP3/)
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

/** A plugin that writes the policy into the built page, so that it applies on any server. */
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

/** The policy in a page built with {@link policyInPage}; undefined if there is none. */
export function policyOf(page: string): string | undefined {
  const written = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page)?.[1];
  return written?.replaceAll("&#39;", "'");
}
