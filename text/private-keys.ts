/** The members of a JWK that only its owner may know, also those of a symmetric key. */
const privateMembers = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

/**
 * Whether a value is a private or symmetric key as a JWK.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-6 (RFC 7518, "Cryptographic Algorithms for Keys")
 */
export function isPrivateJwk(value: object): boolean {
  return "kty" in value && privateMembers.some((name) => name in value);
}

const jwkMember = new RegExp(`["'](?:${privateMembers.join("|")})["']\\s*:`);

/** Whether a text contains a private key: as PEM, as a JWK, as an age identity, or as base64 without the lines around it. */
export function holdsPrivateKey(text: string): boolean {
  return (
    /PRIVATE KEY|AGE-SECRET-KEY-/i.test(text) ||
    (/["']kty["']/.test(text) && jwkMember.test(text)) ||
    (text.match(/M[A-Za-z0-9+/]{39,}/g) ?? []).some(isPrivateDer)
  );
}

/**
 * Whether base64 begins as a private key in DER: a sequence that starts with a version. A public key and a certificate start with another
 * sequence.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5208#section-5 (RFC 5208, "Private-Key Information Syntax")
 */
function isPrivateDer(base64: string): boolean {
  const bytes = Buffer.from(base64.slice(0, 16), "base64");
  const [tag, length = 0] = bytes;
  const start = length < 0x80 ? 2 : 2 + (length & 0x7f);
  const [type, size, version = 2] = bytes.subarray(start);
  return tag === 0x30 && type === 0x02 && size === 1 && version <= 1;
}
