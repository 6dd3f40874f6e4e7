import { templateProblems } from "../../constructs/synthesis/terraform-template.ts";
import { quoted } from "../../text/quoted.ts";

/** An attribute of a distinguished name: its type and its value, as RFC 4514 escapes it. */
const attribute =
  /^\s*(?<type>[A-Za-z][A-Za-z0-9-]*|\d+(\.\d+)+)=(?<value>#([0-9A-Fa-f]{2})+|([^\\"+,;<>\p{Cc}]|\\([\\"+,;<>#= ]|[0-9A-Fa-f]{2}))+)$/u;

/** Separators of attributes that are not escaped. */
const separator = /(?<!(?<!\\)(?:\\\\)*\\)[,+]/u;

/**
 * The types that Keycloak's runtime knows by name.
 *
 * @see https://docs.oracle.com/en/java/javase/21/docs/api/java.base/javax/security/auth/x500/X500Principal.html
 */
const types = [
  ...["CN", "C", "O", "OU", "ST", "L", "STREET", "DC", "UID", "T", "DNQ", "DNQUALIFIER"],
  ...["SURNAME", "GIVENNAME", "INITIALS", "GENERATION", "EMAILADDRESS", "SERIALNUMBER"],
];

/**
 * Problems of the subject of a certificate, at most one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4514 (RFC 4514, "String Representation of Distinguished Names")
 */
export function distinguishedNameProblems(text: string): string[] {
  if (text === "") return ["is empty; write the certificate's subject"];
  const template = templateProblems("the subject", text);
  if (template.length > 0) return template;
  const attributes = text.split(separator).map((each) => attribute.exec(each)?.groups);
  if (attributes.some((found) => found === undefined))
    return [
      `${quoted(text)} is not a distinguished name; copy it from openssl x509 -noout -subject -nameopt RFC2253, such as CN=acme.example,O=Acme Corp`,
    ];
  const unknown = attributes
    .flatMap((found) => found?.type ?? [])
    .find((type) => !/^\d/.test(type) && !types.includes(type.toUpperCase()));
  return unknown === undefined
    ? []
    : [
        `unknown attribute ${quoted(unknown)}; use ${types.join(", ")}, or an object identifier such as 2.5.4.97`,
      ];
}
