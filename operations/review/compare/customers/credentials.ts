import {
  authenticationMethods,
  clientAuthenticators,
  methodOfAuthenticator,
  secretVersionOf,
} from "../../../../constructs/authentication/authentication.ts";
import type { Customer } from "../../../../constructs/declaration.ts";
import type { ResourceArguments } from "../../../terraform/synthesis/stack-json.ts";
import { type KeyId, keyIds } from "./key-ids.ts";
import { identical, inside, isBlank } from "../values.ts";

/** How a customer authenticates and until when, by the names of customers.yaml: null if there is no value. It has no key material. */
export interface Credentials {
  /** OAuth's name of the method; another one only if no entry can declare it. */
  readonly method: string;
  readonly jwksUrl: string | null;
  readonly keys: readonly KeyId[];
  readonly algorithm: string | null;
  readonly subjectDn: string | null;
  readonly caSubjectDn: string | null;
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly tokenBinding: "dpop" | null;
  /** Lifespan of its access tokens in seconds; null for the realm's. */
  readonly tokenLifespan: number | null;
  /** The last day of access. */
  readonly expires: string | null;
  /** The number of the secret. */
  readonly rotation: number | null;
  /** The recipient that the credentials are encrypted to. No resource has it. */
  readonly handover: string | null;
}

const attributes = {
  jwksUrl: "jwks.url",
  algorithm: "token.endpoint.auth.signing.alg",
  subjectDn: "x509.subjectdn",
  caSubjectDn: "x509.casubjectdn",
  issuer: "jwt.credential.issuer",
  subject: "jwt.credential.sub",
  expires: "expires",
} as const;

const extra = (attribute: string) => inside("extra_config", attribute);

/** The arguments of a client that each of its credentials is made from. */
const argumentsOf: Readonly<Record<Exclude<keyof Credentials, "handover">, readonly string[]>> = {
  method: ["client_authenticator_type", extra("tls.client.certificate.bound.access.tokens")],
  jwksUrl: [extra(attributes.jwksUrl), extra("use.jwks.url")],
  keys: [extra("jwks.string"), extra("use.jwks.string")],
  algorithm: [extra(attributes.algorithm)],
  subjectDn: [extra(attributes.subjectDn)],
  caSubjectDn: [extra(attributes.caSubjectDn)],
  issuer: [extra(attributes.issuer)],
  subject: [extra(attributes.subject)],
  tokenBinding: ["require_dpop_bound_tokens"],
  tokenLifespan: ["access_token_lifespan"],
  expires: [extra(attributes.expires)],
  rotation: [extra("rotation")],
};

/** Names of all arguments that credentials are made from. */
export const credentialArguments: readonly string[] = Object.values(argumentsOf).flat();

/** The credentials of a client, from its arguments in a declaration or a plan. */
export function credentialsIn(values: ResourceArguments, entry?: Customer): Credentials {
  const config = (isBlank(values.extra_config) ? {} : values.extra_config) as ResourceArguments;
  const text = (name: keyof typeof attributes) => textOf(config[attributes[name]]);
  return {
    method: methodOf(values),
    jwksUrl: text("jwksUrl"),
    keys: keyIds(config["jwks.string"]),
    algorithm: text("algorithm"),
    subjectDn: text("subjectDn"),
    caSubjectDn: text("caSubjectDn"),
    issuer: text("issuer"),
    subject: text("subject"),
    tokenBinding: String(values.require_dpop_bound_tokens) === "true" ? "dpop" : null,
    tokenLifespan: numberOf(values.access_token_lifespan),
    expires: text("expires"),
    rotation: numberOf(config.rotation),
    handover: entry?.handover ?? null,
  };
}

/** The arguments behind those credentials that differ, so that they are not reported again. */
export function reportedArguments(before: Credentials, after: Credentials): string[] {
  const names = Object.keys(argumentsOf) as (keyof typeof argumentsOf)[];
  return names
    .filter((name) => !identical(before[name], after[name]))
    .flatMap((name) => argumentsOf[name]);
}

/** Whether the version of a client's secret is the one of its method: a change of it is part of the change of the method. */
export function hasVersionOfMethod(values: ResourceArguments): boolean {
  const found = methodOf(values);
  const method = authenticationMethods.find((each) => each === found);
  return method !== undefined && values.client_secret_wo_version === secretVersionOf(method);
}

/** Whether a client gets another method in the way that an entry declares it. */
export function changesMethod(before: ResourceArguments, after: ResourceArguments): boolean {
  const isDeclared = [before, after].every(hasVersionOfMethod);
  return isDeclared && methodOf(before) !== methodOf(after);
}

function methodOf({ client_authenticator_type: type }: ResourceArguments): string {
  const authenticator = textOf(type) ?? clientAuthenticators.client_secret;
  return methodOfAuthenticator(authenticator) ?? authenticator;
}

function textOf(value: unknown): string | null {
  if (isBlank(value)) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function numberOf(value: unknown): number | null {
  const text = textOf(value);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
