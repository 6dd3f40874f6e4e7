import { inspect } from "node:util";
import { loadEnv } from "vite";

const names = [
  "VITE_KEYCLOAK_URL",
  "VITE_KEYCLOAK_REALM",
  "VITE_KEYCLOAK_CLIENT_ID",
  "VITE_API_URL",
  "VITE_POST_LOGOUT_REDIRECT_URI",
] as const;

/** The settings of a build, from environment variables or `.env.local`. */
export type Settings = Readonly<Record<(typeof names)[number], string>>;

const addresses = ["VITE_KEYCLOAK_URL", "VITE_API_URL", "VITE_POST_LOGOUT_REDIRECT_URI"] as const;

/** Reads all settings. @throws Error that names every setting that is missing or is not a URL */
export function readSettings(mode: string, folder: string): Settings {
  const given = loadEnv(mode, folder, "VITE_");
  const value = (name: string) => given[name]?.trim() ?? "";
  const isMissing = (name: string) =>
    // An empty value says that no address is registered.
    name === "VITE_POST_LOGOUT_REDIRECT_URI" ? given[name] === undefined : value(name) === "";
  const problems = [
    ...names
      .filter(isMissing)
      .map((name) => `${name} is not set; set it in the environment or in .env.local`),
    ...addresses
      .filter((name) => value(name) !== "" && !isHttp(value(name)))
      .map((name) => `${name} is "${value(name)}", which is not an http or https address`),
  ];
  if (problems.length > 0) throw oneLineError(problems.join("\n"));
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Settings;
}

/** An error that Vite prints without its stack, so that only the message shows. */
export function oneLineError(message: string): Error {
  return Object.assign(new Error(message), { [inspect.custom]: () => message });
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
