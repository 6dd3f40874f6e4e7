import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";
import { contentSecurityPolicy, policyInPage } from "./build/content-security-policy.ts";
import { headersInPreview } from "./build/security-headers.ts";
import { readSettings } from "./build/settings.ts";

const root = import.meta.dirname;
// Keycloak sends users back to exactly this port: on another one nobody could sign in.
const server = { port: 5173, strictPort: true };

export default defineConfig(({ mode, isPreview }) => ({
  root,
  // One page at one address; any other path is a 404 instead of the page once more.
  appType: "mpa",
  plugins: [
    vue(),
    isPreview ? headersInPreview() : policyInPage(contentSecurityPolicy(readSettings(mode, root))),
  ],
  build: {
    // The policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server,
  preview: { ...server, cors: false },
}));
