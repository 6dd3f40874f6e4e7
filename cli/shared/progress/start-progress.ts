import type { StartProgress } from "../../../local/start.ts";
import { planProgress } from "./plan-progress.ts";

/** Progress that prints the steps of a start. */
export function startProgress(variables: NodeJS.ProcessEnv): StartProgress {
  return {
    ...planProgress(variables),
    onKeycloak: (baseUrl, startedNow) => {
      console.log(`Keycloak ${startedNow ? "runs" : "still runs"}: ${baseUrl}`);
    },
  };
}
