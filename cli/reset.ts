import { environmentNames } from "../configuration/environment.ts";
import { deleteLocalKeycloak } from "../local/keycloak/keycloak.ts";
import { withCheckoutLock } from "../local/lock.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ interrupted }) =>
  newCommand({
    script: "npm run reset",
    description:
      "Stops the Keycloak that npm start runs, and deletes its data, its logins and the state.",
    example: "",
  }).action(async () => {
    console.log(
      (await withCheckoutLock(withEveryLock(deleteLocalKeycloak, interrupted), interrupted))
        ? "Keycloak's data, its logins and the state are deleted"
        : "there is nothing to delete",
    );
  }),
);

/** Lets some work wait for plans and deploys, whatever their environment: each may use the local Keycloak. */
function withEveryLock<T>(work: () => Promise<T>, interrupted: AbortSignal): () => Promise<T> {
  return environmentNames().reduce<() => Promise<T>>(
    (inner, name) => () => withEnvironmentLock(name, interrupted, inner),
    work,
  );
}
