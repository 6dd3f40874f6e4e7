import { readable } from "../../../text/readable.ts";
import { hidden } from "../../../text/without-passwords.ts";

const secretWords = "PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY|CREDENTIALS|CONN_STR";

/** Names of variables whose whole value is secret: of the Keycloak provider, the state backends and whatever a pipeline holds besides. */
const secretName = new RegExp(`(?:${secretWords})$|^TF_TOKEN_`);

/** Secrets in OpenTofu's TF_ENCRYPTION, which is HCL or JSON: quoted, or between the marks of a heredoc. */
const secretArgument = new RegExp(
  String.raw`(?:${secretWords})\w*"?\s*[=:]\s*(?:"((?:[^"\\]|\\.)*)"|<<-?(\w+)\n(.*?)\n\s*\2\b)`,
  "gis",
);

/** Length of the shortest text that is hidden wherever it appears. A shorter one would hide parts of ordinary words. */
const shortest = 4;

/** Messages of Go that quote an address, or a piece of it, that they cannot read: the piece may be a piece of a password. */
const unreadable = /\b(parse|invalid URL escape|invalid port|missing "=" after) "(?:[^"\\]|\\.)*"/g;

/**
 * Output of terraform as a message shows it: without the credentials in its variables, without passwords of any address, and without
 * anything that a terminal or the log of a CI system would act on.
 */
export function readableOutput(output: string, variables: NodeJS.ProcessEnv): string {
  const withoutSecrets = secretsIn(variables).reduce(
    (text, secret) => text.replaceAll(secret, hidden),
    output,
  );
  return readable(withoutSecrets.replace(unreadable, `$1 "${hidden}"`));
}

/** Texts that are secret, the longest first. */
function secretsIn(variables: NodeJS.ProcessEnv): string[] {
  const secrets = Object.entries(variables).flatMap(([name, value = ""]) => [
    ...(secretName.test(name) ? [value] : []),
    ...(name === "TF_ENCRYPTION" ? argumentsIn(value) : []),
    ...passwordsIn(value).flatMap((password) => [password, ...words(password)]),
  ]);
  return [...new Set(secrets.flatMap((secret) => [secret, inGoQuotes(secret)]))]
    .filter(({ length }) => length >= shortest)
    .sort((a, b) => b.length - a.length);
}

function argumentsIn(encryption: string): string[] {
  return [...encryption.matchAll(secretArgument)].flatMap(([, quoted, , heredoc = ""]) =>
    quoted === undefined ? heredoc.split("\n").map((line) => line.trim()) : [quoted],
  );
}

/** The passwords in the address or the connection string that a variable contains, as they are written and decoded. */
function passwordsIn(value: string): string[] {
  const patterns = [/^\w+:\/\/[^:@/]*:(.*)@/s, /\bpassword\s*=\s*(.*?)(?=$|\s+\w+\s*=|&)/is];
  return patterns.flatMap((pattern) => {
    const [, password] = pattern.exec(value) ?? [];
    return password === undefined ? [] : [password, decoded(password)];
  });
}

/** Words of a password. A program that takes a special character for the end of the password prints only some of them. */
function words(password: string): string[] {
  return password.split(/[^\p{L}\p{N}]+/u);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function inGoQuotes(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
