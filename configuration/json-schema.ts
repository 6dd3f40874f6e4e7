import { z } from "zod";
import { customersSchema, type Declared } from "./customers.ts";

/** The JSON Schema of `customers.yaml`, from the definition that validates it, for editors. */
export function customersJsonSchema(declared: Declared): string {
  const schema = z.toJSONSchema(customersSchema(declared), { io: "input", target: "draft-7" });
  return `${JSON.stringify({ title: "customers.yaml", ...schema }, null, 2)}\n`;
}
