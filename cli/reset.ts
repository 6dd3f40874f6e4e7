import { deleteLocalKeycloak } from "../local/keycloak/keycloak.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(() =>
  newCommand({
    script: "npm run reset",
    description:
      "Stops the Keycloak that npm start runs, and deletes its data, its logins and terraform's state.",
    example: "",
  }).action(async () => {
    console.log(
      (await deleteLocalKeycloak())
        ? "Keycloak's data, its logins and terraform's state are deleted"
        : "there is nothing to delete",
    );
  }),
);
