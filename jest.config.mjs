import { existsSync } from "node:fs";

const shared = {
  testEnvironment: "node",
  cacheDirectory: "<rootDir>/node_modules/.cache/jest",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/__tests__/support/transform.mjs" },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out"],
};

export default {
  testTimeout: 180_000,
  reporters: ["<rootDir>/__tests__/support/summary.mjs", "default"],
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: [
        "<rootDir>/__tests__/**/*.test.ts",
        "<rootDir>/packages/*/__tests__/**/*.test.ts",
        "<rootDir>/bench/__tests__/**/*.test.ts",
      ],
      testPathIgnorePatterns: ["/e2e/"],
      globalSetup: "<rootDir>/__tests__/support/temporary-folder/create.mjs",
      globalTeardown: "<rootDir>/__tests__/support/temporary-folder/remove.mjs",
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
      // __tests__/e2e/run.ts prints that they are left out
      testPathIgnorePatterns: existsSync("examples/declaration/main.ts")
        ? []
        : ["/e2e/examples/", "/e2e/local/demo\\.test\\.ts$"],
    },
  ],
};
