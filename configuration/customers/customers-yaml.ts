import { z } from "zod";
import { withErrorHints } from "../error-hints.ts";
import { problemsIn } from "../validate.ts";
import { InvalidFileError } from "../yaml/problems.ts";
import { readYaml, type YamlFile } from "../yaml/yaml.ts";
import { type CustomersPart, isFolder, readCustomersFolder } from "./customers-folder.ts";

/**
 * Reads the customers of a file, or of all files in a folder.
 *
 * @throws InvalidFileError if it cannot be read; for a file, with every problem of its syntax
 */
export function readCustomersYaml(path: string): YamlFile {
  return isFolder(path) ? readCustomersFolder(path, readPart) : readFile(path);
}

/** Schema of a file with customers. */
export function fileSchema<T extends z.ZodType>(customers: T) {
  const fixIfEmpty = "write customers: {} if there is no customer yet";
  const hints = { expected: "a mapping of client ids to customers", example: "{}", fixIfEmpty };
  return withErrorHints(z.strictObject({ customers: withErrorHints(customers, hints) }), {
    fixIfEmpty,
  });
}

function readFile(file: string): YamlFile {
  return readYaml(file, {
    missingFileFix: 'create it with "customers: {}", or name another file in CUSTOMERS_FILE',
    isId: (path) => path.length === 1 && path[0] === "customers",
  });
}

/** The customers themselves are validated together with those of the other files. */
const anyCustomers = fileSchema(z.record(z.string(), z.unknown()));

function readPart(file: string): CustomersPart {
  try {
    const yaml = readFile(file);
    return { yaml, problems: problemsIn(yaml, anyCustomers) };
  } catch (error) {
    if (error instanceof InvalidFileError) return { problems: error.problems };
    throw error;
  }
}
