import type { StartProgress } from "../../local/start.ts";
import { planProgress } from "./plan-progress.ts";

/** Prints the progress of a start. */
export const startProgress: StartProgress = {
  ...planProgress,
  onKeycloak: (baseUrl, startedNow) => {
    console.log(`Keycloak ${startedNow ? "runs" : "still runs"}: ${baseUrl}`);
  },
};
