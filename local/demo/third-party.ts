import { join } from "node:path";
import { checkout } from "../folders.ts";
import { type Log, type Part, startPart } from "./part.ts";

/** The folder of the examples for third parties. */
export const thirdPartyFolder = join(checkout, "examples/third-party");

/** The variables that a customer's app reads in `examples/third-party/`. */
export interface AppVariables extends NodeJS.ProcessEnv {
  readonly TOKEN_URL: string;
  readonly CLIENT_ID: string;
  readonly CLIENT_SECRET: string;
  readonly API_URL: string;
}

/** Starts a third party's app, which works with its orders until it is ended. */
export function startThirdParty(variables: AppVariables, log: Log): Part {
  return startPart(
    {
      name: "third-party",
      command: process.execPath,
      args: [join(thirdPartyFolder, "node/orders.mjs"), "watch", "--every", "15"],
      folder: thirdPartyFolder,
      variables,
    },
    log,
  );
}
