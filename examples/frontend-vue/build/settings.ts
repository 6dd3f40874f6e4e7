import { inspect } from "node:util";
import { loadEnv } from "vite";

/** What a build needs to know, each a variable of the environment or a line in `.env.local`. */
export type Settings = Readonly<Record<(typeof names)[number], string>>;

const names = [
  "VITE_KEYCLOAK_URL",
  "VITE_KEYCLOAK_REALM",
  "VITE_KEYCLOAK_CLIENT_ID",
  "VITE_API_URL",
] as const;

/** All settings, or an error that names every one that is missing or is no address. */
export function readSettings(mode: string, folder: string): Settings {
  const given = loadEnv(mode, folder, "VITE_");
  const value = (name: string) => given[name]?.trim() ?? "";
  const problems = [
    ...names
      .filter((name) => value(name) === "")
      .map((name) => `${name} is not set; set it in the environment or in .env.local`),
    ...names
      .filter((name) => name.endsWith("_URL") && value(name) !== "" && !isHttp(value(name)))
      .map((name) => `${name} is "${value(name)}", which is no http or https address`),
  ];
  if (problems.length > 0) throw oneLineError(problems.join("\n"));
  return {
    VITE_KEYCLOAK_URL: value("VITE_KEYCLOAK_URL"),
    VITE_KEYCLOAK_REALM: value("VITE_KEYCLOAK_REALM"),
    VITE_KEYCLOAK_CLIENT_ID: value("VITE_KEYCLOAK_CLIENT_ID"),
    VITE_API_URL: value("VITE_API_URL"),
  };
}

/** An error that Vite prints without the stack, in which nobody would find the line that matters. */
export function oneLineError(message: string): Error {
  return Object.assign(new Error(message), { [inspect.custom]: () => message });
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
