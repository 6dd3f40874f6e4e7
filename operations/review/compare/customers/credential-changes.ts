import type { Credentials } from "./credentials.ts";
import type { CredentialChange } from "../declaration-change.ts";
import { addedKeys } from "./key-ids.ts";
import { identical, shown } from "../values.ts";

/** The credentials that differ, the method first. */
export function credentialChanges(before: Credentials, after: Credentials): CredentialChange[] {
  const names = Object.keys(before) as (keyof Credentials)[];
  return names
    .filter((name) => !identical(before[name], after[name]))
    .map((attribute) => ({
      ...shown({ attribute, from: before[attribute], to: after[attribute] }),
      attribute,
      hasToAct: hasToAct(attribute, before, after),
    }));
}

function hasToAct(name: keyof Credentials, before: Credentials, after: Credentials): boolean {
  switch (name) {
    case "method":
      return true;
    case "keys":
    case "jwksUrl":
      return losesKeys(before, after);
    case "algorithm":
    case "subjectDn":
    case "caSubjectDn":
    case "issuer":
    case "subject":
      return before.method === after.method && after[name] !== null;
    case "tokenBinding":
      return bindsTokens(before, after);
    case "rotation":
      return rotates(before, after);
    case "tokenLifespan":
    case "expires":
    case "handover":
      return false;
  }
}

/** Whether a customer has to authenticate in another way: by another method, certificate or subject, or with another algorithm. */
export function changesIdentity(before: Credentials, after: Credentials): boolean {
  if (before.method !== after.method) return true;
  return (["algorithm", "subjectDn", "caSubjectDn", "issuer", "subject"] as const).some(
    (name) => after[name] !== null && before[name] !== after[name],
  );
}

/** Whether a customer that keeps its method may not use a key any more. Nobody knows which keys another address has. */
export function losesKeys(before: Credentials, after: Credentials): boolean {
  if (before.method !== after.method) return false;
  const isElsewhere = before.jwksUrl !== null && before.jwksUrl !== after.jwksUrl;
  return isElsewhere || addedKeys(after.keys, before.keys).length > 0;
}

/** Whether tokens are bound to a key that the customer has to prove. */
export function bindsTokens(before: Credentials, after: Credentials): boolean {
  return before.tokenBinding === null && after.tokenBinding !== null;
}

/** Whether access ends earlier than before. */
export function endsEarlier(before: Credentials, after: Credentials): boolean {
  return after.expires !== null && (before.expires === null || after.expires < before.expires);
}

/** Whether a customer gets a new secret because the number of its secret is higher. */
export function rotates(before: Credentials, after: Credentials): boolean {
  return after.method === "client_secret" && (after.rotation ?? 1) > (before.rotation ?? 1);
}
