import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { authenticationOfCustomer } from "../../constructs/authentication/authentication.ts";
import type { Customer, RealmDeclaration } from "../../constructs/declaration.ts";
import { clientType } from "../../constructs/names/resource-types.ts";
import { inFlight } from "../../system/in-flight.ts";
import { interruption } from "../../system/interruption.ts";
import { RefusedError } from "../../text/errors.ts";
import { quoted } from "../../text/quoted.ts";
import { adminClient, type Login } from "../keycloak/login/admin.ts";
import { findClient, type FoundClient } from "../keycloak/clients.ts";
import { keycloakClock } from "../keycloak/clock.ts";
import {
  previousSecretEnd,
  replaceSecret,
  rotationOverlap,
  secretNumber,
} from "../keycloak/customers/rotation.ts";
import type { ResourceChange } from "../terraform/plan.ts";
import { mostNames, namesText, optionText } from "../review/render/refusal.ts";

/** Number of requests to Keycloak at a time. */
const requests = 8;

/** A new secret that an entry asks for, and that Keycloak does not have yet. */
export interface PendingRotation {
  /** The customer's client id. */
  readonly id: string;
  /** The number of the secret. */
  readonly number: number;
  /** Whether a secret that works now ends at the rotation: there is no overlap, or an earlier one is not over. */
  readonly endsAtOnce: boolean;
}

/** A rotation that is done. */
export interface Rotated {
  /** The customer's client id. */
  readonly id: string;
  /** The end of the old secret, in seconds since 1970; undefined if it has ended. */
  readonly end: number | undefined;
}

/** Refusal of a rotation that ends a secret that works now. The command that allows it needs the running Keycloak. */
export class EndingSecretError extends RefusedError {}

/** Whether a deployment works on a customer: it may work on some only. */
export type IsPlanned = (id: string) => boolean;

const everybody: IsPlanned = () => true;

/** The rotations that the entries of customers ask for, as Keycloak is now. Only planned customers with a number are looked up. */
export async function pendingRotations(
  declaration: RealmDeclaration,
  login: Login,
  isPlanned: IsPlanned = everybody,
): Promise<readonly PendingRotation[]> {
  const numbered = await NumberedSecrets.read(declaration, login, isPlanned);
  const { rotations = [] } = (await numbered?.pending()) ?? {};
  // without the clients, which have secrets
  return rotations.map(({ id, number, endsAtOnce }) => ({ id, number, endsAtOnce }));
}

/** Whether a customer may get a new secret although that ends one that works now. */
export type IsAllowed = (id: string) => boolean;

const nobody: IsAllowed = () => false;

/** Customers whose client a plan creates: nobody has its first secret yet. */
export function createdBy(changes: readonly ResourceChange[]): IsAllowed {
  const created = new Set(
    changes
      .filter(({ type, change }) => type === clientType && change.actions.includes("create"))
      .map(({ change }) => change.after?.client_id),
  );
  return (id) => created.has(id);
}

/**
 * Refuses rotations that end a secret that works now, and that nobody allows.
 *
 * @throws EndingSecretError with the option that allows them
 */
export function refuseEndingSecrets(
  pending: readonly PendingRotation[],
  isAllowed: IsAllowed = nobody,
): void {
  const ids = pending
    .filter(({ id, endsAtOnce }) => endsAtOnce && !isAllowed(id))
    .map(({ id }) => id);
  if (ids.length === 0) return;
  const some = ids.slice(0, mostNames);
  const option = optionText({ key: "Allow-new-secret", value: some.join(", ") });
  throw new EndingSecretError(
    [
      `a new secret would end one that works now, of ${namesText(ids)}; no secret is replaced`,
      "Keycloak has no overlap of secrets, or an earlier overlap is not over; wait until it is over, or allow it:",
      `  npm run deploy -- ${option}`,
      ...(ids.length > mostNames
        ? [
            `these are the first ${mostNames}; raise the rotation of at most ${mostNames} customers at a time`,
          ]
        : []),
    ].join("\n"),
  );
}

/** Options of {@link rotateSecrets}. */
export interface RotationOptions {
  /** @default every customer */
  readonly isPlanned?: IsPlanned;
  /** @default no customer */
  readonly isAllowed?: IsAllowed;
  /** Called for each customer when it is done. */
  readonly onRotated: (rotated: Rotated) => void;
}

/**
 * Makes the new secrets that the entries of customers ask for. The realm may have changed since they were looked up: an apply may have ended
 * the overlap.
 *
 * @throws EndingSecretError before it makes any, if one would end a secret that works now and that is not allowed
 */
export async function rotateSecrets(
  declaration: RealmDeclaration,
  login: Login,
  { isPlanned = everybody, isAllowed, onRotated }: RotationOptions,
): Promise<void> {
  const numbered = await NumberedSecrets.read(declaration, login, isPlanned);
  if (!numbered) return;
  const { admin, clock } = numbered;
  const { realm, secretPrefix: prefix = "" } = declaration;
  for (const { id, number, client } of numbered.lower)
    console.error(
      `${quoted(id)} keeps its secret: "rotation: ${number}" is lower than ${secretNumber(client)}, the number in Keycloak`,
    );
  const { rotations, overlap } = await numbered.pending();
  refuseEndingSecrets(rotations, isAllowed);
  await inFlight(requests, rotations, async ({ id, number, client }) => {
    interruption.throwIfAborted();
    const secret = { prefix, number, overlap, now: clock() };
    onRotated({ id, end: await replaceSecret(admin, realm, client, secret) });
  });
}

interface NumberedSecret {
  readonly id: string;
  readonly number: number;
  readonly client: FoundClient;
}

/** The clients of the customers that declare a number of their secret, as Keycloak has them. */
class NumberedSecrets {
  readonly admin: KcAdminClient;
  readonly clock: () => number;
  readonly #declaration: RealmDeclaration;
  readonly #all: readonly NumberedSecret[];

  private constructor(
    admin: KcAdminClient,
    clock: () => number,
    declaration: RealmDeclaration,
    all: readonly NumberedSecret[],
  ) {
    this.admin = admin;
    this.clock = clock;
    this.#declaration = declaration;
    this.#all = all;
  }

  /** Reads them. @returns undefined without such customers, or without the realm */
  static async read(
    declaration: RealmDeclaration,
    login: Login,
    isPlanned: IsPlanned,
  ): Promise<NumberedSecrets | undefined> {
    const { realm } = declaration;
    const customers = Object.entries(declaration.customers)
      .filter(isNumbered)
      .filter(([id]) => isPlanned(id));
    if (customers.length === 0) return undefined;
    // a secret that is replaced has to be reported, also after an interruption
    const admin = await adminClient(login, true);
    const clock = await keycloakClock(admin, login);
    if (!(await admin.realms.findOne({ realm }))) return undefined;
    const found = await inFlight(requests, customers, async ([id, { rotation, renamedFrom }]) => {
      interruption.throwIfAborted();
      const client =
        (await findClient(admin, realm, id)) ??
        (renamedFrom === undefined ? undefined : await findClient(admin, realm, renamedFrom));
      return client ? [{ id, number: rotation, client }] : [];
    });
    return new NumberedSecrets(admin, clock, declaration, found.flat());
  }

  /** Those with a lower number than in Keycloak. */
  get lower(): readonly NumberedSecret[] {
    return this.#all.filter(({ number, client }) => number < secretNumber(client));
  }

  /** Those with a higher number than in Keycloak, and the overlap that they get. */
  async pending(): Promise<{
    readonly rotations: readonly (PendingRotation & NumberedSecret)[];
    readonly overlap: number | undefined;
  }> {
    const higher = this.#all.filter(({ number, client }) => number > secretNumber(client));
    if (higher.length === 0) return { rotations: [], overlap: undefined };
    const overlap = await rotationOverlap(this.admin, this.#declaration);
    const now = this.clock();
    const rotations = higher.map((each) => ({
      ...each,
      endsAtOnce: overlap === undefined || previousSecretEnd(each.client, now) !== undefined,
    }));
    return { rotations, overlap };
  }
}

type NumberedCustomer = Customer & { readonly rotation: number };

function isNumbered(entry: [string, Customer]): entry is [string, NumberedCustomer] {
  const [, customer] = entry;
  return (
    customer.rotation !== undefined && authenticationOfCustomer(customer).method === "client_secret"
  );
}
