import { stopOwnKeycloak } from "../local/keycloak/own.ts";
import { command } from "./command.ts";

await command(async () => {
  console.log(
    (await stopOwnKeycloak())
      ? "Keycloak is stopped; npm start brings it back with its data"
      : "no Keycloak of this checkout runs",
  );
});
