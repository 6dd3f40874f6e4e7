import { stopLocalKeycloak } from "../local/keycloak/keycloak.ts";
import { withCheckoutLock } from "../local/lock.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ interrupted }) =>
  newCommand({
    script: "npm stop",
    description: "Stops the Keycloak that npm start runs. Its data stays.",
    example: "",
  }).action(async () => {
    console.log(
      (await withCheckoutLock(stopLocalKeycloak, interrupted))
        ? "Keycloak is stopped; npm start starts it again with its data"
        : "no Keycloak of this checkout is running",
    );
  }),
);
