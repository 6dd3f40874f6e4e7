import { loadEnvironment } from "../configuration/environment.ts";
import { chooseLogin } from "../local/choose-keycloak.ts";
import { encrypted } from "../operations/handover/encryption.ts";
import { sheet } from "../operations/handover/sheet.ts";
import { activeCustomer, readCredentials } from "../operations/keycloak/customers/credentials.ts";
import { declared } from "../operations/terraform/synthesis/declared.ts";
import { writeNewFile } from "../system/new-file.ts";
import { UsageError } from "../text/errors.ts";
import { needTerminal, newCommand, runCommand } from "./shared/command.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run credentials",
    description:
      "Writes what to hand over to a customer: encrypted if its entry has handover, otherwise on a terminal only.",
    example: "<id>",
  })
    .argument("<customer>", "the customer's id in customers.yaml")
    .option("--out <file>", "write the encrypted sheet to a new file")
    .action(async (id, { out }) => {
      const environment = loadEnvironment(variables);
      const declaration = await declared(variables);
      const customer = activeCustomer(declaration, id, environment.customers);
      const { handover } = customer;
      if (handover === undefined) {
        if (out !== undefined)
          throw new UsageError(
            `--out writes only an encrypted sheet; add the customer's age recipient as "handover" to its entry first`,
          );
        needTerminal(variables);
      }
      const login = await chooseLogin(environment, declaration.realm, variables);
      const text = `${sheet(await readCredentials(declaration, id, customer, login))}\n`;
      if (handover === undefined) process.stdout.write(text);
      else await deliver(await encrypted(text, handover), out);
    }),
);

async function deliver(text: string, out: string | undefined): Promise<void> {
  if (out === undefined) process.stdout.write(text);
  else await writeNewFile(out, text);
}
