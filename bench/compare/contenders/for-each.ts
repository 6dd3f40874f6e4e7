import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { terraformCommand } from "../../../operations/terraform/program.ts";
import { officialProvider } from "../../../operations/terraform/provider/provider.ts";
import { terraform, terraformVariables } from "../../../operations/terraform/terraform.ts";
import type { Work } from "../work.ts";
import type { ContenderKind } from "./contender.ts";
import { startProviderProcess } from "./provider-process.ts";

const apply = ["apply", "-auto-approve", "-no-color"];
const commands: Partial<Record<Work, readonly string[]>> = {
  "first deploy": apply,
  // the status is 2 if there is something to do, which fails
  "nothing to do": ["plan", "-detailed-exitcode", "-no-color"],
  "add one": apply,
  "change one permission": apply,
};

/** Terraform's own language with `for_each`, one state, the same provider. `terraform init` takes no measured time. */
export const forEach: ContenderKind = {
  name: "HCL with for_each",
  isPeer: true,
  async prepare({ keycloak, realm, folder, provider }) {
    const login = terraformVariables(keycloak.variables);
    const running =
      provider === "embedded" ? await startProviderProcess(login) : await officialProvider(login);
    const { variables } = running;
    await copyFile(join(import.meta.dirname, "for-each.tf"), join(folder, "main.tf"));
    await terraform({ folder, variables }, ["init", "-no-color"]);
    return {
      realm,
      async declare(customers) {
        const file = join(folder, "terraform.tfvars.json");
        await writeFile(file, JSON.stringify({ realm, customers }));
      },
      command(work) {
        const args = commands[work];
        if (!args) return undefined;
        const helpers = "pid" in running ? [running.pid] : [];
        return { program: terraformCommand(variables), args, folder, variables, helpers };
      },
      [Symbol.asyncDispose]: () => running.stop(),
    };
  },
};
