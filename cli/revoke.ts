import { durationText } from "../configuration/duration.ts";
import { loadEnvironment } from "../configuration/environment.ts";
import { chooseLogin } from "../local/choose-keycloak.ts";
import { declaredCustomer } from "../operations/keycloak/customers/declared-customer.ts";
import { revokeTokens } from "../operations/keycloak/customers/revocation.ts";
import { declared } from "../operations/terraform/declared.ts";
import { instantText } from "../text/instant.ts";
import { newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run revoke",
    description:
      "Ends the access tokens that a customer has. It keeps its secret and can get new tokens.",
    example: "<id>",
  })
    .argument("<customer>", "the customer's id in customers.yaml")
    .action(async (id) => {
      const environment = loadEnvironment(variables);
      const declaration = await declared(variables);
      declaredCustomer(declaration, id, environment.customers);
      const login = await chooseLogin(environment, declaration.realm, variables);
      const { notBefore, lifespan } = await revokeTokens(declaration, id, login);
      const expiry =
        lifespan === undefined
          ? "it expires"
          : `${instantText(notBefore + lifespan)} at the latest (${durationText(lifespan)})`;
      console.log(
        [
          `Keycloak refuses every token of ${id} that it issued before ${instantText(notBefore)}`,
          `an API that does not ask Keycloak accepts one until ${expiry}`,
          `${id} can get new tokens; enabled: false in ${environment.customers} suspends it, npm run rotate -- ${id} replaces its secret`,
        ].join("\n"),
      );
    }),
);
