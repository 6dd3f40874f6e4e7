import { forgetOwnKeycloak } from "../local/keycloak/own.ts";
import { command } from "./command.ts";

await command(async () => {
  console.log(
    (await forgetOwnKeycloak())
      ? "Keycloak's data, its logins and terraform's state are forgotten"
      : "there is nothing to forget",
  );
});
