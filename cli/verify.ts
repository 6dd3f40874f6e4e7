import { writeFile } from "node:fs/promises";
import { Option } from "@commander-js/extra-typings";
import { loadEnvironment } from "../configuration/environment.ts";
import { chooseLogin } from "../local/choose-keycloak.ts";
import { adminClient } from "../operations/keycloak/login/admin.ts";
import { declaredStack } from "../operations/terraform/synthesis/declared.ts";
import {
  verificationJson,
  verificationJunit,
  verificationText,
} from "../operations/verify/report.ts";
import { differencesOf, type Verification } from "../operations/verify/verified.ts";
import { verify } from "../operations/verify/verify.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { ProgressLine } from "./shared/progress/progress-line.ts";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run --silent verify",
    description:
      "Verifies every client in Keycloak against the declaration, without any secret. Exits with status 1 for differences.",
    example: "--json",
  })
    .addOption(new Option("--json", "print JSON instead of text"))
    .option("--junit <file>", "write a JUnit report to a file as well")
    .action(async ({ json, junit }) => {
      const environment = loadEnvironment(variables);
      const stack = await declaredStack(variables);
      const login = await chooseLogin(environment, stack.declaration.realm, variables);
      const admin = await adminClient(login);
      const verification = await verifyWithProgress({ admin, baseUrl: login.baseUrl, stack });
      for (const what of verification.unchecked)
        console.error(`not verified, because this login may not view it: ${what}`);
      if (junit !== undefined) await writeFile(junit, verificationJunit(verification));
      process.stdout.write(json ? verificationJson(verification) : verificationText(verification));
      process.exitCode = differencesOf(verification).length === 0 ? 0 : 1;
    }),
);

async function verifyWithProgress(
  options: Omit<Parameters<typeof verify>[0], "onCustomer">,
): Promise<Verification> {
  using progress = new ProgressLine("verified", "customer");
  return await verify({ ...options, onCustomer: progress.show });
}
