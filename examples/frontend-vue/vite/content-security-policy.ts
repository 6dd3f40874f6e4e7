import type { Plugin } from "vite";
import type { Settings } from "./settings.ts";

/**
 * The content security policy: only the page's own files, and calls only to Keycloak and the API.
 *
 * `form-action`: signing out posts the ID token to Keycloak, which redirects the browser to the address after signing out. Before
 * that, it may redirect to the sign-out of any identity provider. Browsers check each redirect, so every `https` address is allowed.
 * `trusted-types`: only Vue's runtime may write HTML.
 *
 * @see [Content Security Policy Level 3](https://www.w3.org/TR/CSP3/)
 */
export function contentSecurityPolicy({
  VITE_KEYCLOAK_URL: keycloak,
  VITE_API_URL: api,
  VITE_POST_LOGOUT_REDIRECT_URI: signedOut,
}: Settings): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${originsOf(keycloak, api)}`,
    `form-action ${originsOf(keycloak, signedOut)} https:`,
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types vue",
  ].join("; ");
}

function originsOf(...urls: readonly string[]): string {
  const origins = urls.filter((url) => url !== "").map((url) => new URL(url).origin);
  return [...new Set(origins)].join(" ");
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
