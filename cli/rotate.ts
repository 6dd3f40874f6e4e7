import { loadEnvironment } from "../configuration/environment.ts";
import { chooseLogin } from "../local/choose-keycloak.ts";
import { withEnvironmentLock } from "../operations/deployment/environment-lock.ts";
import { CustomerSecret } from "../operations/keycloak/customers/customer-secret.ts";
import { declaredCustomer } from "../operations/keycloak/customers/declared-customer.ts";
import { declared } from "../operations/terraform/synthesis/declared.ts";
import { UsageError } from "../text/errors.ts";
import { instantText } from "../text/instant.ts";
import { agrees } from "./shared/agrees.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { rotatedText } from "./shared/rotated-text.ts";

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run rotate",
    description:
      "Gives a customer a new secret. The old one goes on working for the overlap, if Keycloak has one.",
    example: "<id>",
  })
    .argument("<customer>", "the customer's id in customers.yaml")
    .option("--end-overlap", "end the old secret of an earlier rotation now")
    .option("--auto-approve", "rotate without asking, also if a secret ends at once")
    .action(async (id, { endOverlap, autoApprove = false }) => {
      const environment = loadEnvironment(variables);
      const declaration = await declared(variables);
      const customer = declaredCustomer(declaration, id, environment.customers);
      await withEnvironmentLock(environment.name, interrupted, async () => {
        const login = await chooseLogin(environment, declaration.realm, variables);
        const secret = await CustomerSecret.read(declaration, id, customer, login);
        if (endOverlap) return endPrevious(id, secret);
        if (!autoApprove && !(await agreesToEnd(id, secret, interrupted))) {
          console.log("nothing is changed");
          return;
        }
        const end = await secret.replace(customer.rotation);
        console.log(rotatedText(id, end));
        if (end !== undefined) console.log(`npm run rotate -- ${id} --end-overlap ends it earlier`);
      });
    }),
);

async function endPrevious(id: string, secret: CustomerSecret): Promise<void> {
  if (secret.previousEnd === undefined) {
    console.log(`${id} has no old secret that works`);
    return;
  }
  await secret.endPrevious();
  console.log(`the old secret of ${id} has ended`);
}

/** Asks if a secret that works now would end. @throws UsageError if there is nobody to ask */
async function agreesToEnd(
  id: string,
  { overlap, previousEnd }: CustomerSecret,
  interrupted: AbortSignal,
): Promise<boolean> {
  if (overlap !== undefined && previousEnd === undefined) return true;
  console.log(
    overlap === undefined
      ? `the secret of ${id} ends at once: Keycloak has no overlap of secrets for this realm`
      : `the secret before the current one, which works until ${instantText(previousEnd ?? 0)}, ends at once`,
  );
  if (!process.stdin.isTTY)
    throw new UsageError(
      "there is nobody to ask; nothing is changed; add --auto-approve to rotate",
    );
  return agrees("rotate?", interrupted);
}
