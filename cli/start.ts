import { type Environment, loadEnvironment } from "../configuration/environment.ts";
import { permissionsClaim } from "../constructs/names/permissions-claim.ts";
import type { Customer, RealmDeclaration } from "../constructs/declaration.ts";
import { teamProject } from "../local/local-project.ts";
import { administratorLogin, ensureLogins, loginsFile } from "../local/logins.ts";
import { verifyRoles, type VerifiedRole } from "../local/verify-roles.ts";
import { start, type Started } from "../local/start.ts";
import { usesLocalKeycloak } from "../local/choose-keycloak.ts";
import { adminClient } from "../operations/keycloak/login/admin.ts";
import {
  needsSecretOnly,
  verifyCustomers,
  type VerifiedCustomer,
} from "../operations/keycloak/customers/customer-clients.ts";
import { FailedError } from "../text/errors.ts";
import { plural } from "../text/plural.ts";
import { table } from "../text/table.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { startProgress } from "./shared/progress/start-progress.ts";

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm start",
    description:
      "Starts Keycloak, deploys the declaration, and verifies every customer's token, and a person's token for each role. It only verifies a Keycloak that is not this checkout's own.",
    example: "--as-administrator",
  })
    .option(
      "--as-administrator",
      "deploy what the deployer may not, such as a change to the realm itself",
    )
    .action(async ({ asAdministrator }) => {
      const environment = loadEnvironment(variables);
      const isLocal = usesLocalKeycloak(environment, variables);
      const { baseUrl, declaration } = await start(environment, {
        project: teamProject,
        asAdministrator: asAdministrator ?? false,
        ...{ variables, interrupted, progress: startProgress(variables) },
        verify: async (started) => {
          await verify(started, isLocal);
          interrupted.throwIfAborted();
        },
      });
      const { realm, customers } = declaration;
      const consoleUrl = isLocal ? `${baseUrl}/admin/master/console/#/${realm}` : undefined;
      console.log(table(nextSteps(environment, consoleUrl, Object.keys(customers)[0])));
    }),
);

async function verify({ baseUrl, login, declaration }: Started, isLocal: boolean): Promise<void> {
  const { realm, customers } = declaration;
  const admin = await adminClient(login);
  const ofCustomers = verifyCustomers(admin, baseUrl, realm, customers);
  const ofRoles = isLocal ? verifyLocalRoles(baseUrl, declaration) : [];
  // both end before an error is reported, because the roles are verified with a user that is removed then
  await Promise.allSettled([ofCustomers, ofRoles]);
  const verified = await ofCustomers;
  console.log(`\n${verifiedText(verified)}\n`);
  const roles = await ofRoles;
  if (roles.length > 0) console.log(`${rolesText(roles)}\n`);
  needNoProblems(verified, "customer");
  needNoProblems(roles, "role");
}

/** Verifies roles as the administrator, who may create the user for it. */
async function verifyLocalRoles(
  baseUrl: string,
  declaration: RealmDeclaration,
): Promise<VerifiedRole[]> {
  if (declaration.roles === undefined) return [];
  const administrator = administratorLogin(baseUrl, await ensureLogins());
  // its user is removed, also after an interruption
  return verifyRoles(await adminClient(administrator, true), declaration);
}

function needNoProblems(
  verified: readonly { readonly problems: readonly string[] }[],
  noun: string,
): void {
  const wrong = verified.filter(({ problems }) => problems.length > 0).length;
  if (wrong > 0)
    throw new FailedError(
      `${plural(wrong, noun)} ${wrong === 1 ? "is" : "are"} not as declared; see the table`,
    );
}

function verifiedText(verified: readonly VerifiedCustomer[]): string {
  const rows = verified.map(({ id, customer, problems }) => [
    ...[id, customer.name, Object.keys(customer.access).join(" ")],
    Object.values(customer.access).flat().join(" ") || "-",
    problems.join("; ") || resultOf(customer),
  ]);
  return table([["customer", "name", "aud", "scope", "result"], ...rows]);
}

/** The result of a verification without problems. */
function resultOf(customer: Customer): string {
  if (!customer.enabled) return "suspended: gets no token";
  return needsSecretOnly(customer)
    ? "token verified"
    : "client verified, without a token: that needs more than a secret";
}

function rolesText(verified: readonly VerifiedRole[]): string {
  const rows = verified.map(({ role, api, frontend, permissions, problems }) => [
    role ?? "(no role)",
    api,
    frontend,
    permissions.join(" ") || "-",
    problems.join("; ") || "token verified",
  ]);
  return table([["role", "aud", "frontend", permissionsClaim, "result"], ...rows]);
}

/** @param consoleUrl the address of the local Keycloak's admin console; undefined if Keycloak runs elsewhere */
function nextSteps(
  { customers }: Environment,
  consoleUrl: string | undefined,
  customer = "<customer>",
): string[][] {
  const credentials = ["its credentials", `npm run credentials -- ${customer}`];
  if (consoleUrl === undefined)
    return [["deploy", "npm run deploy; this Keycloak was only verified"], credentials];
  const add = ["add a customer", `write it into ${customers}, then npm run check, npm start`];
  return [
    ["console", consoleUrl],
    ["its login", `"administrator" in ${loginsFile}`],
    credentials,
    add,
    ["stop Keycloak", "npm stop; npm run reset also deletes its data"],
  ];
}
