import { randomBytes } from "node:crypto";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type { RealmDeclaration } from "../../../constructs/declaration.ts";
import { RefusedError } from "../../../text/errors.ts";
import { quoted } from "../../../text/quoted.ts";
import { attributeOf, type FoundClient } from "../clients.ts";
import { isReadableSecret } from "./readable-secret.ts";

/**
 * Client attributes of secrets. All but the first one are Keycloak's own.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#_secret_rotation
 */
const attributes = {
  /** The number of the secret, which a rotation writes together with it. */
  number: "rotation.done",
  createdAt: "client.secret.creation.time",
  endsAt: "client.secret.expiration.time",
  previous: "client.secret.rotated",
  previousCreatedAt: "client.secret.rotated.creation.time",
  previousEndsAt: "client.secret.rotated.expiration.time",
} as const;

/**
 * Seconds for which Keycloak lets the previous secret of a confidential client work: it has the feature, and the realm a policy for that.
 *
 * @returns undefined if the previous secret ends at once
 */
export async function rotationOverlap(
  admin: KcAdminClient,
  { realm, rotationOverlap: declared }: Pick<RealmDeclaration, "realm" | "rotationOverlap">,
): Promise<number | undefined> {
  const { features = [] } = await admin.serverInfo.find();
  if (!features.some(({ name, enabled }) => name === "CLIENT_SECRET_ROTATION" && enabled))
    return undefined;
  const { policies = [] } = await admin.clientPolicies.listPolicies({ realm });
  const { profiles = [] } = await admin.clientPolicies.listProfiles({ realm });
  const active = policies
    .filter(({ enabled, conditions = [] }) => enabled && coversConfidentialClients(conditions))
    .flatMap((policy) => policy.profiles ?? []);
  const executor = profiles
    .filter(({ name = "" }) => active.includes(name))
    .flatMap(({ executors = [] }) => executors)
    .find((each) => each.executor === "secret-rotation");
  const { "rotated-expiration-period": period } = (executor?.configuration ?? {}) as {
    readonly "rotated-expiration-period"?: number | string;
  };
  return Number(period ?? 0) > 0 ? (declared ?? Number(period)) : undefined;
}

/** Whether a policy covers every confidential client. What other conditions mean for a client, only Keycloak knows. */
function coversConfidentialClients(
  conditions: readonly { readonly condition?: string; readonly configuration?: object }[],
): boolean {
  return (
    conditions.length > 0 &&
    conditions.every(({ condition, configuration }) => {
      const { type } = (configuration ?? {}) as { readonly type?: string | readonly string[] };
      return condition === "client-access-type" && [type].flat().includes("confidential");
    })
  );
}

/** Number of the secret that a client has in Keycloak. A client that was never rotated has its first one. */
export function secretNumber(client: ClientRepresentation): number {
  return Number(attributeOf(client, attributes.number) || 1);
}

/** The end of a client's previous secret, in seconds since 1970; undefined if it has none that works. */
export function previousSecretEnd(client: ClientRepresentation, now: number): number | undefined {
  const end = Number(attributeOf(client, attributes.previousEndsAt));
  return attributeOf(client, attributes.previous) && end > now ? end : undefined;
}

/** A new secret to make. */
export interface NewSecret {
  /** Beginning of the secret. */
  readonly prefix: string;
  /** The number to record, see {@link secretNumber}. */
  readonly number: number;
  /** Seconds for which the old secret goes on working; undefined if it ends at once. */
  readonly overlap: number | undefined;
  /** Keycloak's time, in seconds since 1970. */
  readonly now: number;
}

/**
 * Gives a client a new secret and records its number, by one request: either all of it happens or nothing.
 *
 * @returns the end of the old secret, in seconds since 1970; undefined if it has ended
 * @throws RefusedError if the login may not read the old secret
 */
export async function replaceSecret(
  admin: KcAdminClient,
  realm: string,
  client: FoundClient,
  { prefix, number, overlap, now }: NewSecret,
): Promise<number | undefined> {
  const { id, clientId = "", secret: previous } = client;
  const end = overlap === undefined ? undefined : Math.floor(now + overlap);
  if (end !== undefined && !isReadableSecret(previous))
    throw new RefusedError(
      `the login cannot read the secret of ${quoted(clientId)}, which has to go on working; use one with the role manage-clients`,
    );
  const secret = prefix + randomBytes(32).toString("hex");
  const written = {
    [attributes.number]: String(number),
    // Keycloak sets the end of the new secret, as the policy has it
    [attributes.endsAt]: "",
    ...previousAttributes(previous, now, end),
  };
  await admin.clients.update({ realm, id }, { clientId, secret, attributes: written });
  return end;
}

/**
 * The attributes that let the previous secret of a client work until an instant. Without an end they remove it, also one of an earlier
 * rotation.
 */
export function previousAttributes(
  previous: string | undefined,
  now: number,
  end: number | undefined,
): Record<string, string> {
  const { createdAt, previous: value, previousCreatedAt, previousEndsAt } = attributes;
  if (end === undefined || previous === undefined)
    return { [value]: "", [previousCreatedAt]: "", [previousEndsAt]: "" };
  const time = String(Math.floor(now));
  return {
    ...{ [createdAt]: time, [value]: previous },
    ...{ [previousCreatedAt]: time, [previousEndsAt]: String(end) },
  };
}

/** Ends a client's previous secret. */
export async function endPreviousSecret(
  admin: KcAdminClient,
  realm: string,
  { id }: FoundClient,
): Promise<void> {
  await admin.clients.invalidateSecret({ realm, id });
}
