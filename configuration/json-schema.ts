import { z } from "zod";
import { customersSchema, type DeclaredClients } from "./customers.ts";

/** JSON Schema of `customers.yaml`, for editors. It is generated from the definition that validates the file. */
export function customersJsonSchema(declared: DeclaredClients): string {
  const schema = z.toJSONSchema(customersSchema(declared), { io: "input", target: "draft-7" });
  return `${JSON.stringify({ title: "customers.yaml", ...schema }, null, 2)}\n`;
}
