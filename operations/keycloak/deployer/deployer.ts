import { randomBytes } from "node:crypto";
import type KcAdminClient from "@keycloak/keycloak-admin-client";
import { deployerClientId, readerClientId } from "../../../constructs/names/reserved-names.ts";
import { RefusedError } from "../../../text/errors.ts";
import { findClient } from "../clients.ts";
import { setGroupReading } from "./group-reading.ts";
import { mapExactly, rolesOf, scopeOf } from "./role-mappings.ts";

/** A service account of a realm that a pipeline logs in as. */
interface Account {
  readonly clientId: string;
  readonly name: string;
  /** Its roles of `realm-management`. */
  readonly roles: readonly string[];
}

/** The deployer: its roles suffice for an apply of clients, client scopes and mappers if the realm itself does not change. */
const deployer: Account = {
  clientId: deployerClientId,
  name: "Deployer",
  roles: ["manage-clients", "view-realm", "view-events"],
};

/** The reader: its roles suffice for a plan of what the deployer applies. */
const reader: Account = {
  clientId: readerClientId,
  name: "Reader",
  roles: ["view-clients", "view-realm", "view-events"],
};

/** A service account of a pipeline. */
export interface PipelineAccount {
  /** Its secret, which nothing accepts if it logs in with another issuer's tokens. */
  readonly clientSecret: string;
  /** Whether it logs in with another issuer's tokens. */
  readonly isFederated: boolean;
  /** Whether it has just been created. */
  readonly created: boolean;
}

/** Options of {@link ensureDeployer}. */
export interface DeployerOptions {
  /**
   * Whether to give it a new secret. The old one stops working at once, and so do another issuer's tokens.
   * @default false
   */
  readonly rotate?: boolean;
  /**
   * The tokens of another issuer that it logs in with, instead of a secret. With "none", it accepts no tokens: if it did, it gets a new secret.
   * @default as it does already, or else a secret
   */
  readonly trust?: TrustedSubject | "none";
  /**
   * Whether groups are declared, so that it may read groups; see {@link setGroupReading}.
   * @default false
   */
  readonly hasGroups?: boolean;
  /**
   * Whether issuers are declared, so that it may read them.
   * @default false
   */
  readonly hasIssuers?: boolean;
}

/** Tokens of another issuer. */
export interface TrustedSubject {
  /** The issuer's alias in the realm. */
  readonly alias: string;
  /** The exact `sub`. */
  readonly subject: string;
}

/** Lifespan of the access token for a token that works once, in seconds: as long as the job of a pipeline. */
const jobSeconds = 60 * 60;

/**
 * Creates the deployer, the identity of everyday changes: a service account of the realm that has its roles and no
 * other role, in its tokens neither. It may also read groups and issuers if some are declared. An existing deployer is corrected and goes
 * on logging in as it does.
 *
 * @param admin a login that may manage the realm's clients and users
 * @throws RefusedError if the realm has a client with that id that is somebody else's
 * @see https://www.keycloak.org/docs/latest/server_admin/#_service_accounts
 */
export function ensureDeployer(
  admin: KcAdminClient,
  realm: string,
  options?: DeployerOptions,
): Promise<PipelineAccount> {
  return ensureAccount(admin, realm, deployer, options);
}

/**
 * Creates or corrects the reader, which plans and looks for drift. It can change nothing. Otherwise it is like the deployer; see
 * {@link ensureDeployer}.
 */
export function ensureReader(
  admin: KcAdminClient,
  realm: string,
  options?: DeployerOptions,
): Promise<PipelineAccount> {
  return ensureAccount(admin, realm, reader, options);
}

async function ensureAccount(
  admin: KcAdminClient,
  realm: string,
  { clientId, name, roles: roleNames }: Account,
  { rotate = false, hasGroups = false, hasIssuers = false, trust }: DeployerOptions = {},
): Promise<PipelineAccount> {
  const settings = {
    ...{ clientId, name, enabled: true, publicClient: false, fullScopeAllowed: false },
    ...{ standardFlowEnabled: false, implicitFlowEnabled: false, serviceAccountsEnabled: true },
    ...{ directAccessGrantsEnabled: false, redirectUris: [] },
  };
  const found = await findClient(admin, realm, clientId);
  const { publicClient = false, redirectUris = [] } = found ?? {};
  if (found && (found.name !== name || publicClient || redirectUris.length > 0))
    throw new RefusedError(
      `the realm "${realm}" has a client "${clientId}" of its own, which is not named "${name}", is public or has redirect URIs; rename or delete that client in Keycloak`,
    );
  const id = found?.id ?? (await admin.clients.create({ realm, ...settings })).id;
  const management = (await findClient(admin, realm, "realm-management"))?.id ?? "";
  const wanted = [...roleNames, ...(hasIssuers ? ["view-identity-providers"] : [])];
  const all = await admin.clients.listRoles({ realm, id: management });
  const roles = all.filter((role) => wanted.some((each) => each === role.name));
  // the scope first: an older deployer has full scope, and must not lose its roles if this is interrupted
  await mapExactly(scopeOf(admin, realm, id), management, roles);
  const wasFederated = found?.clientAuthenticatorType === federated.clientAuthenticatorType;
  const trusted = trust === "none" ? undefined : trust;
  const getsSecret = rotate || (trust === "none" && wasFederated);
  const method = trusted ? byTokensOf(trusted) : getsSecret ? bySecret : {};
  // a secret that Keycloak generates would let the old one work on, if the realm has an overlap of secrets
  const secret = getsSecret || trusted ? { secret: randomBytes(32).toString("hex") } : {};
  if (found || trusted)
    await admin.clients.update({ realm, id }, { ...settings, ...method, ...secret });
  await mapExactly(await rolesOf(admin, realm, id), management, roles);
  await setGroupReading(admin, realm, hasGroups);
  const { value } = await admin.clients.getClientSecret({ realm, id });
  const isFederated = trusted !== undefined || (wasFederated && !getsSecret);
  return { clientSecret: value ?? "", isFederated, created: !found };
}

const federated = { clientAuthenticatorType: "federated-jwt" };

/** Settings of a client that authenticates with a secret. Keycloak removes attributes that are empty. */
const bySecret = {
  clientAuthenticatorType: "client-secret",
  attributes: {
    "jwt.credential.issuer": "",
    "jwt.credential.sub": "",
    "access.token.lifespan": "",
  },
};

/** Settings of a client that authenticates with tokens of another issuer. */
function byTokensOf({ alias, subject }: TrustedSubject) {
  return {
    ...federated,
    attributes: {
      "jwt.credential.issuer": alias,
      "jwt.credential.sub": subject,
      "access.token.lifespan": String(jobSeconds),
    },
  };
}
