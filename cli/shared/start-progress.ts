import type { StartProgress } from "../../local/start.ts";
import { countsText } from "../../operations/review/render/counts.ts";

/** Prints the progress of a start. */
export const startProgress: StartProgress = {
  onKeycloak: (baseUrl, startedNow) => {
    console.log(`Keycloak ${startedNow ? "runs" : "still runs"}: ${baseUrl}`);
  },
  onPlanned: (counts) => {
    const isEmpty = Object.values(counts).every((count) => count === 0);
    console.log(
      isEmpty
        ? "Keycloak is as declared: nothing to change"
        : `terraform apply: ${countsText(counts)} …`,
    );
  },
  onDone: (address, action) => {
    console.log(`  ${action} ${address}`);
  },
};
