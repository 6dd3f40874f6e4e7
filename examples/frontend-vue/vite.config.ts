import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import { contentSecurityPolicy, policyInPage } from "./vite/content-security-policy.ts";
import { headersInPreview } from "./vite/security-headers.ts";
import { readSettings } from "./vite/settings.ts";

const root = import.meta.dirname;
// Keycloak redirects users to exactly this port: signing in fails on any other.
const server = { port: 5173, strictPort: true };

export default defineConfig(({ mode, isPreview }) => ({
  root,
  // The page has one address: any other path is a 404.
  appType: "mpa",
  plugins: [
    vue(),
    isPreview ? headersInPreview() : policyInPage(contentSecurityPolicy(readSettings(mode, root))),
  ],
  build: {
    // The content security policy forbids data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server,
  preview: { ...server, cors: false },
}));
