import { type Environment, loadEnvironment } from "../../../configuration/environment.ts";
import { outcome, write } from "../folder.ts";
import { invalidFileMessage } from "../invalid-file-message.ts";

/** The required fields of an environment file. */
export const fields: Readonly<Record<string, string | undefined>> = {
  keycloak: "{url: https://login.example.com}",
  frontend: "{redirectUris: [https://app.example.com/]}",
  state: "{type: local}",
};

/** The text of an environment file, with some of its fields replaced. */
export function file(replaced: Readonly<Record<string, string | undefined>> = {}): string {
  return Object.entries({ ...fields, ...replaced })
    .map(([name, value]) => (value === undefined ? "" : `${name}: ${value}\n`))
    .join("");
}

/** Loads the environment `local` from a file with the given text. */
export function load(text: string, variables: NodeJS.ProcessEnv = {}): Environment {
  write("environments/local.yaml", text);
  return loadEnvironment(variables);
}

/** The message about a file with the given text, or else its environment as JSON. */
export function messageFor(text: string): string {
  return outcome(() => load(text));
}

/** The message about a file with the given problems, each without the file's name. */
export function message(...problems: string[]): string {
  return invalidFileMessage("environments/local.yaml", problems);
}
