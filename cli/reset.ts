import { environmentName } from "../configuration/environment.ts";
import { deleteLocalKeycloak } from "../local/keycloak/keycloak.ts";
import { withCheckoutLock } from "../local/lock.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run reset",
    description:
      "Stops the Keycloak that npm start runs, and deletes its data, its logins and terraform's state.",
    example: "",
  }).action(async () => {
    console.log(
      (await withCheckoutLock(
        () => withEnvironmentLock(environmentName(variables), interrupted, deleteLocalKeycloak),
        interrupted,
      ))
        ? "Keycloak's data, its logins and terraform's state are deleted"
        : "there is nothing to delete",
    );
  }),
);
