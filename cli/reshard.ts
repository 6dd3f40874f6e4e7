import { environmentFile, loadEnvironment } from "../configuration/environment.ts";
import { chooseKeycloak } from "../local/choose-keycloak.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import type { CustomerMove } from "../operations/reshard/customer-moves.ts";
import { reshard } from "../operations/reshard/reshard.ts";
import { UsageError } from "../text/errors.ts";
import { plural } from "../text/plural.ts";
import { agrees } from "./shared/agrees.ts";
import { parallelOption } from "./shared/options.ts";
import { paceOf } from "./shared/progress/pace.ts";
import { newCommand, runCommand } from "./shared/command.ts";

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
      const environmentWith = (SHARDS: string | number) => {
        const chosen = { ...variables, SHARDS: String(SHARDS) };
        return { chosen, environment: loadEnvironment(chosen) };
      };
      const { environment } = environmentWith(to);
      const { count } = environment.shards;
      const result = await withEnvironmentLock(name, interrupted, () =>
        reshard({
          ...{ environment, from: shards.count, interrupted, pace: paceOf({ parallel }) },
          keycloak: (number) => {
            const { environment, chosen } = environmentWith(number);
            return chooseKeycloak(environment, chosen);
          },
          agree: async (moves) => {
            show(moves);
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
      if (result === "declined") {
        console.log("nothing is moved");
        return;
      }
      console.log(
        result === "moved"
          ? "the states are moved, and the plan is empty"
          : "every state is where it belongs, and the plan is empty",
      );
      if (count !== shards.count)
        console.log(`now set "shards: ${count}" in ${environmentFile(name)}`);
    }),
);

function show(moves: readonly CustomerMove[]): void {
  for (const { id, from, to } of moves.slice(0, shown)) console.log(`${id}: ${from} → ${to}`);
  if (moves.length > shown) console.log(`and ${moves.length - shown} more`);
  console.log(`${plural(moves.length, "customer")} to move`);
}

/** The number of customers that are listed. */
const shown = 50;
