import { writeFile } from "node:fs/promises";
import { customersJsonSchema } from "../configuration/json-schema.ts";
import { declaredWithoutCustomers } from "../terraform/declared.ts";
import { command } from "./command.ts";

const file = "customers.schema.json";

await command(async () => {
  await writeFile(file, customersJsonSchema(await declaredWithoutCustomers(process.env)));
  console.log(`${file} is written`);
});
