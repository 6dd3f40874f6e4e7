import { readYaml, type YamlFile } from "../../../configuration/yaml/yaml.ts";
import { outcome, write } from "../folder.ts";

/** Reads a file with the given content. */
export function read(text: string | Uint8Array): YamlFile {
  write("a.yaml", text);
  return readYaml("a.yaml", { missingFileFix: "create it" });
}

/** The value of a text, or its problems without the name of the file. */
export function reading(text: string | Uint8Array): unknown {
  const refusal = outcome(() => {
    const { problems } = read(text);
    if (problems.length === 0) return "fine";
    throw new Error(
      problems
        .map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)
        .join("\n"),
    );
  });
  return refusal === '"fine"'
    ? read(text).value
    : refusal.replace(/^a\.yaml is not valid: \d+ problems?\n/, "").replace(/^ +a\.yaml:?/gm, "");
}
