import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import { contentSecurityPolicy, policyInPage } from "./vite/content-security-policy.ts";
import { headersInPreview } from "./vite/security-headers.ts";
import { readSettings } from "./vite/settings.ts";

const root = import.meta.dirname;
/** The oldest browsers that the page supports. tests/browsers.test.ts checks the syntax. */
const browsers = ["chrome111", "edge111", "firefox114", "safari16.4"];
// Keycloak redirects users to exactly this port: signing in fails on any other.
const server = { port: 5173, strictPort: true };

export default defineConfig(({ mode, isPreview }) => ({
  root,
  // Every path is the page: it may be the address after signing out, or a route of a router that you add.
  appType: "spa",
  plugins: [
    vue(),
    isPreview ? headersInPreview() : policyInPage(contentSecurityPolicy(readSettings(mode, root))),
  ],
  build: {
    target: browsers,
    // The content security policy forbids data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server,
  preview: { ...server, cors: false },
}));
