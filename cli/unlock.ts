import { keycloakWithShards } from "../local/choose-keycloak.ts";
import { unlockState } from "../operations/terraform/state/unlock.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run unlock",
    description: "Releases the lock of the state that a killed run left behind.",
    example: "6c8a1f0e-5d0b-4d53-9a43-8f3a0f7f3c11",
  })
    .argument("<lock-id>", "the ID in the message about the lock")
    .action(async (lockId) => {
      await unlockState((shards) => keycloakWithShards(shards, variables), lockId);
      console.log("the state is unlocked");
    }),
);
