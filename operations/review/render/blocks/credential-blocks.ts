import { endOfAccess } from "../../../../configuration/customers/expiry.ts";
import { durationText } from "../../../../configuration/fields/duration.ts";
import type { Credentials } from "../../compare/customers/credentials.ts";
import { endsEarlier, rotates } from "../../compare/customers/credential-changes.ts";
import type {
  CredentialChange,
  CredentialsChange,
  CustomersChange,
  DeclarationChange,
} from "../../compare/declaration-change.ts";
import { lifespanEffect, type LifespanEffect } from "../../compare/customers/lifespans.ts";
import { addedKeys, type KeyId } from "../../compare/customers/key-ids.ts";
import { code, codeValue } from "../escape.ts";
import { type Budget, names, tableBlock } from "./table-blocks.ts";

/** Customers that are renamed, and changed credentials of customers that stay. */
export function credentialBlocks(customers: CustomersChange, budget: Budget): string[] {
  const { renamed, credentials } = customers;
  return [
    ...tableBlock(
      "Customers renamed",
      ["customer", "previous id", "effect"],
      renamed.map(({ id, from }) => [
        code(id),
        code(from),
        `keeps its client, credentials and access; ${mustAct("use the new client id")}`,
      ]),
      budget,
    ),
    ...tableBlock(
      "Credentials of customers",
      ["customer", "what", "from", "to", "effect"],
      credentials.flatMap((each) =>
        rowsOf(each, customers).map((cells) => [code(each.id), ...cells]),
      ),
      budget,
    ),
  ];
}

/** Cell of the method of a customer, with the names of its keys. */
export function methodCell({ method, keys, jwksUrl, tokenBinding }: Credentials): string {
  return [
    code(method),
    ...(jwksUrl === null ? [] : [`keys from ${code(jwksUrl)}`]),
    ...keys.map((key) => `key ${keyCell(key)}`),
    ...(tokenBinding === null ? [] : [`tokens bound by ${code(tokenBinding)}`]),
  ].join("<br>");
}

/** Cell of the lifespan of a customer's tokens. */
export function lifespanCell(seconds: number | null): string {
  return seconds === null ? "the realm's" : durationText(seconds);
}

/** Cell of the instant at which access ends. */
export function endCell(expires: string | null): string {
  return expires === null ? "–" : code(endOfAccess(expires));
}

/** What the realm demands of customers' authentication, and whom it trusts for it. */
export function realmAuthenticationBlocks(
  { authentication }: DeclarationChange,
  budget: Budget,
): string[] {
  const { requirements, issuers, keyHosts, rotationOverlap } = authentication;
  const methods = (list: readonly string[] | null) => (list ? names(list, budget) : "any method");
  const hosts = (list: readonly string[]) => names(list, budget) || "–";
  const overlap = (seconds: number | null) => (seconds === null ? "–" : durationText(seconds));
  return tableBlock(
    "Authentication that the realm demands and trusts",
    ["what", "from", "to"],
    [
      ...issuers.map(({ name, from, to }) => [
        `trusted issuer ${code(name)}`,
        codeValue(from),
        codeValue(to),
      ]),
      ...requirements.map(({ permission, from, to }) => [
        `permission ${code(permission)} demands`,
        methods(from),
        methods(to),
      ]),
      ...(keyHosts ? [["hosts of customers' keys", hosts(keyHosts.from), hosts(keyHosts.to)]] : []),
      ...(rotationOverlap
        ? [
            [
              "a previous secret works after a rotation for",
              overlap(rotationOverlap.from),
              overlap(rotationOverlap.to),
            ],
          ]
        : []),
    ],
    budget,
  );
}

const lifespanEffects: Readonly<Record<LifespanEffect, string>> = {
  shorter: "shorter",
  longer: "longer",
  same: "as long as before",
  unknown: "may be shorter",
};

function rowsOf(
  { before, after, changes, hasEnded }: CredentialsChange,
  { realmLifespans, rotationOverlap: overlap }: CustomersChange,
): string[][] {
  return changes.flatMap((change) => {
    const { attribute, from, to } = change;
    switch (attribute) {
      case "keys":
        return keyRows(before, after, change);
      case "tokenLifespan": {
        const cells = [lifespanCell(before.tokenLifespan), lifespanCell(after.tokenLifespan)];
        const effect = lifespanEffect(before, after, realmLifespans);
        return [["token lifespan", ...cells, lifespanEffects[effect]]];
      }
      case "expires":
        return [
          [
            "end of access",
            endCell(before.expires),
            endCell(after.expires),
            hasEnded ? "access has ended, so the customer is suspended" : endEffect(before, after),
          ],
        ];
      default:
        return [
          [
            code(attribute),
            codeValue(from),
            codeValue(to),
            effectOf(change, after, before, overlap),
          ],
        ];
    }
  });
}

function keyRows(before: Credentials, after: Credentials, { hasToAct }: CredentialChange) {
  const refused = hasToAct ? mustAct("use another key") : "is refused";
  const removed = after.jwksUrl === null ? refused : "is accepted only if the address has it";
  return [
    ...addedKeys(before.keys, after.keys).map((key) => [
      ...["key added", "–", keyCell(key), "is accepted"],
    ]),
    ...addedKeys(after.keys, before.keys).map((key) => [
      ...["key removed", keyCell(key), "–", removed],
    ]),
  ];
}

function endEffect(before: Credentials, after: Credentials): string {
  if (after.expires === null) return "access has no end";
  return endsEarlier(before, after) ? "access ends then" : "access ends later";
}

function effectOf(
  { attribute, to, hasToAct }: CredentialChange,
  after: Credentials,
  before: Credentials,
  overlap: number | null,
): string {
  switch (attribute) {
    case "method":
      return mustAct(
        after.method === "client_secret"
          ? "authenticate with a new secret"
          : "authenticate in the new way",
      );
    case "rotation":
      return rotates(before, after) ? rotationEffect(overlap) : "no new secret";
    case "tokenBinding":
      return hasToAct ? mustAct("prove its key with each request") : "tokens work without a proof";
    case "handover":
      return to === null
        ? "credentials go to a terminal only"
        : "credentials are encrypted to this recipient";
    default:
      return hasToAct ? mustAct(actions[attribute] ?? "") : "–";
  }
}

const actions: Readonly<Partial<Record<keyof Credentials, string>>> = {
  jwksUrl: "publish its keys at this address",
  algorithm: "sign with this algorithm",
  subjectDn: "use a certificate with this subject",
  caSubjectDn: "use a certificate of this authority",
  issuer: "use a token of this issuer",
  subject: "use a token with this subject",
};

function rotationEffect(overlap: number | null): string {
  const previous =
    overlap === null ? "ends at once" : `goes on working for ${durationText(overlap)}`;
  return `${mustAct("use a new secret")}. The previous one ${previous}`;
}

function mustAct(what: string): string {
  return `**the customer has to act**: ${what}`;
}

function keyCell({ kid, thumbprint }: KeyId): string {
  return `${kid === null ? "without id" : code(kid)}, thumbprint ${code(thumbprint)}`;
}
