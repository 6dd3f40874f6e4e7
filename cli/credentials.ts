import { loadEnvironment } from "../configuration/environment.ts";
import { chooseLogin } from "../local/choose-keycloak.ts";
import {
  type Credentials,
  needActiveCustomer,
  readCredentials,
} from "../operations/keycloak/credentials.ts";
import { declared } from "../operations/terraform/declared.ts";
import { isOnThisMachine } from "../system/addresses.ts";
import { needTerminal, newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run credentials",
    description: "Shows what to hand over to a customer. It works only on a terminal.",
    example: "<id>",
  })
    .argument("<customer>", "the customer's id in customers.yaml")
    .action(async (customer) => {
      needTerminal(variables);
      const environment = loadEnvironment(variables);
      const declaration = await declared(variables);
      needActiveCustomer(declaration, customer, environment.customers);
      const login = await chooseLogin(environment, declaration.realm, variables);
      console.log(credentialsText(await readCredentials(declaration, customer, login)));
    }),
);

function credentialsText(credentials: Credentials): string {
  const { tokenUrl, clientId, clientSecret, audiences, permissions } = credentials;
  // a proxy in the shell's variables cannot reach this machine
  const noProxy = isOnThisMachine(tokenUrl) ? "--noproxy '*' " : "";
  return [
    `Token URL      ${tokenUrl}`,
    `Client id      ${clientId}`,
    `Client secret  ${clientSecret}`,
    `Audience       ${audiences.join(", ")}`,
    `Permissions    ${permissions.join(", ") || "none"}`,
    "",
    // without the secret, which a shell would keep in its history and show to other users in the list of processes
    "Request a token with HTTP Basic, form-encoded; curl asks for the secret:",
    `  curl -sS ${noProxy}-u ${clientId} -d grant_type=client_credentials ${tokenUrl}`,
  ].join("\n");
}
