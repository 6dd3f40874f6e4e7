import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { adminClient, type Login, loginFrom } from "../keycloak/admin.ts";
import { deployedClient } from "../keycloak/customer-clients.ts";
import { issuerOf, tokenEndpoint } from "../keycloak/token.ts";
import { ownLogin } from "../local/target.ts";
import { declared } from "../terraform/declared.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import { ExplainedError } from "../text/errors.ts";
import { command, needTerminal } from "./command.ts";

await command(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) {
    throw new ExplainedError(2, "name one customer: npm run credentials -- acme");
  }
  needTerminal();
  const environment = loadEnvironment();
  const { realm, customers } = await declared(process.env);
  const customer = Object.hasOwn(customers, id) ? customers[id] : undefined;
  if (!customer) {
    const hint = didYouMean(id, Object.keys(customers));
    throw new ExplainedError(
      1,
      `${environment.customers} has no customer ${JSON.stringify(id)}${hint}`,
    );
  }
  if (!customer.enabled) {
    throw new ExplainedError(
      1,
      `the customer "${id}" is suspended and gets no token; remove "enabled: false" from ${environment.customers} and deploy`,
    );
  }
  const login = await loginFor(environment.keycloak, realm);
  const client = await deployedClient(await adminClient(login), realm, id);
  if (!client)
    throw new ExplainedError(
      1,
      `the customer "${id}" is not deployed yet; run npm start, or cdktf deploy, first`,
    );
  if (!client.enabled)
    throw new ExplainedError(
      1,
      `the customer "${id}" is still suspended in Keycloak; deploy first`,
    );

  const endpoint = tokenEndpoint(issuerOf(login.baseUrl, realm));
  console.log(
    [
      `Token URL      ${endpoint}`,
      `Client id      ${id}`,
      `Client secret  ${client.secret}`,
      `Audience       ${Object.keys(customer.access).join(", ")}`,
      `Permissions    ${Object.values(customer.access).flat().join(", ") || "none"}`,
      "",
      "A token, by HTTP Basic and form-encoded:",
      `  curl -sS -u '${id}:${client.secret}' -d grant_type=client_credentials ${endpoint}`,
    ].join("\n"),
  );
});

async function loginFor(
  keycloak: { url: string; basePath: string },
  realm: string,
): Promise<Login> {
  const login = loginFrom(keycloak.url + keycloak.basePath, process.env) ?? (await ownLogin(realm));
  if (login) return login;
  throw new ExplainedError(
    3,
    "there is no login for Keycloak; run npm start, or set KEYCLOAK_URL with KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET",
  );
}
