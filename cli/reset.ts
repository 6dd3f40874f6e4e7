import { deleteLocalKeycloak } from "../local/keycloak/keycloak.ts";
import { withCheckoutLock } from "../local/lock.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ interrupted }) =>
  newCommand({
    script: "npm run reset",
    description:
      "Stops the Keycloak that npm start runs, and deletes its data, its logins and terraform's state.",
    example: "",
  }).action(async () => {
    console.log(
      (await withCheckoutLock(deleteLocalKeycloak, interrupted))
        ? "Keycloak's data, its logins and terraform's state are deleted"
        : "there is nothing to delete",
    );
  }),
);
