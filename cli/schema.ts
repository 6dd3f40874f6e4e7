import { writeFile } from "node:fs/promises";
import { customersJsonSchema } from "../configuration/json-schema.ts";
import { declaredWithoutCustomers } from "../operations/terraform/synthesis/declared.ts";
import { newCommand, runCommand } from "./shared/command.ts";

const file = "customers.schema.json";

await runCommand(({ variables }) =>
  newCommand({
    script: "npm run schema",
    description: `Regenerates ${file}, which lets editors complete customers.yaml.`,
    example: "",
  }).action(async () => {
    await writeFile(file, customersJsonSchema(await declaredWithoutCustomers(variables)));
    console.log(`${file} is written`);
  }),
);
