import { environmentFile, loadEnvironment } from "../configuration/environment.ts";
import { keycloakWithShards } from "../local/choose-keycloak.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import { movesText } from "../operations/reshard/customer-moves.ts";
import { reshard } from "../operations/reshard/reshard.ts";
import { UsageError } from "../text/errors.ts";
import { agrees } from "./shared/agrees.ts";
import { parallelOption } from "./shared/options.ts";
import { paceOf } from "./shared/progress/pace.ts";
import { newCommand, runCommand } from "./shared/command.ts";

/** How each outcome is reported. */
const outcomes = {
  moved: "the states are moved, and the plan is empty",
  "nothing to move": "every state is where it belongs, and the plan is empty",
  "nothing deployed": "nothing is deployed yet, so nothing has to move",
  declined: "nothing is moved",
};

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run reshard",
    description:
      "Moves the states of customers to another number of shards. No client is changed. Run it before you change shards in the environment.",
    example: "--to 4",
  })
    .requiredOption("--to <number>", "the number of shards afterwards; 1 for one stack")
    .addOption(parallelOption())
    .option("--auto-approve", "move without asking")
    .action(async ({ to, parallel, autoApprove = false }) => {
      const { name, shards } = loadEnvironment(variables);
      const environment = loadEnvironment({ ...variables, SHARDS: to });
      const { count } = environment.shards;
      const result = await withEnvironmentLock(name, interrupted, () =>
        reshard({
          ...{ environment, from: shards.count, interrupted, pace: paceOf({ parallel }) },
          keycloak: (number) => keycloakWithShards(number, variables),
          agree: async (moves) => {
            console.log(movesText(moves));
            if (autoApprove) return true;
            if (!process.stdin.isTTY)
              throw new UsageError("there is nobody to ask; nothing is moved; add --auto-approve");
            return agrees("move these?", interrupted);
          },
          onBackup: (folder) => {
            console.log(`the states before are in ${folder}`);
          },
        }),
      );
      console.log(outcomes[result]);
      if (result !== "declined" && count !== shards.count)
        console.log(`now set "shards: ${count}" in ${environmentFile(name)}`);
    }),
);
