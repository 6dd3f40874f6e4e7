import { join } from "node:path";
import { checkout } from "../../system/folders.ts";
import { type DemoProcess, type Log, startProcess } from "./process.ts";

/** The folder of the examples of a customer's app. */
export const thirdPartyFolder = join(checkout, "examples/third-party");

/** The program of the customer's app that the demo runs. */
export const thirdPartyApp = join(thirdPartyFolder, "node/orders.mjs");

/** The variables that a customer's app reads in `examples/third-party/`. */
export interface AppVariables extends NodeJS.ProcessEnv {
  readonly TOKEN_URL: string;
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
  readonly API_URL: string;
}

/** Starts a customer's app, which works with its orders until it is ended. */
export function startThirdParty(
  app: AppVariables,
  log: Log,
  variables: NodeJS.ProcessEnv,
): DemoProcess {
  return startProcess(
    {
      name: "third-party",
      command: process.execPath,
      args: [thirdPartyApp, "watch", "--every", "15"],
      folder: thirdPartyFolder,
      inherited: variables,
      variables: app,
    },
    log,
  );
}
