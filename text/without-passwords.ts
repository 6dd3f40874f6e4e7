/** Replacement for a secret in a text. */
export const hidden = "(hidden)";

/** Ports are not secret, so `https://host:8443/` stays. */
const port = String.raw`\d{1,5}(?=[.,;:)]*(?:$|[\s"'/?#\\]))`;

const passwords: readonly RegExp[] = [
  // https://user:password@host
  /(\b[a-z][a-z\d+.-]*:\/\/)[^\s"'/?#\\]+(?=@)/gi,
  // https://user:pass, cut off at a character that belongs to the password
  new RegExp(String.raw`(\b[a-z][a-z\d+.-]*://[^\s"'/?#\\@:[]+:)(?!${port})[^\s"'\\]+`, "gi"),
  // user=atlas password=secret
  /(\b(?:password|passwd|pwd)\s*=\s*)(?:'(?:[^'\\]|\\.)*'?|[^\s"'&]+)/gi,
];

/** A text without the passwords in it: those of addresses, also of cut off ones, and of connection strings (`password=…`). */
export function withoutPasswords(text: string): string {
  return passwords.reduce((shown, pattern) => shown.replace(pattern, `$1${hidden}`), text);
}
