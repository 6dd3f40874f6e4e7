import { fileOfCustomer } from "../configuration/customers.ts";
import { loadEnvironment } from "../configuration/environment.ts";
import { authenticationOfCustomer } from "../constructs/authentication/authentication.ts";
import { chooseLogin } from "../local/choose-keycloak.ts";
import { declaredCustomer } from "../operations/keycloak/customers/declared-customer.ts";
import { revokeTokens } from "../operations/keycloak/customers/revocation.ts";
import { declared } from "../operations/terraform/synthesis/declared.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { revokedText } from "./shared/revoked-text.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run revoke",
    description:
      "Ends the access tokens that a customer has. It keeps its secret or key, and can get new tokens unless it is suspended.",
    example: "<id>",
  })
    .argument("<customer>", "the customer's id in customers.yaml")
    .action(async (id) => {
      const environment = loadEnvironment(variables);
      const declaration = await declared(variables);
      const customer = declaredCustomer(declaration, id, environment.customers);
      const login = await chooseLogin(environment, declaration.realm, variables);
      const revocation = await revokeTokens(declaration, id, login);
      const { method } = authenticationOfCustomer(customer);
      const file = fileOfCustomer(environment.customers, id);
      console.log(revokedText(id, revocation, method, file));
    }),
);
