import { defineConfig } from "vitest/config";

// Not vite.config.ts, which needs the settings of a build.
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    ...{ testTimeout: 60_000, hookTimeout: 60_000 },
    env: { VITE_KEYCLOAK_REALM: "atlas", VITE_KEYCLOAK_CLIENT_ID: "atlas-frontend" },
  },
});
