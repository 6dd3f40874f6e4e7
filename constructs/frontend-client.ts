import { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";
import { Lazy } from "cdktf";
import { Construct } from "constructs";
import { hint } from "../text/did-you-mean.ts";
import { quoted } from "../text/quoted.ts";
import { templateProblems } from "./synthesis/terraform-template.ts";
import { accessScopes } from "./scopes/access-scopes.ts";
import { addClientScopeLists } from "./scopes/client-scope-lists.ts";
import { everyFlowOff } from "./client-settings.ts";
import type { Access } from "./declaration.ts";
import { builtInScopes } from "./names/reserved-names.ts";
import { RealmStack } from "./realm-stack.ts";
import { originProblems, redirectUriProblems } from "./redirect-uri.ts";

/** Properties of {@link FrontendClient}. */
export interface FrontendClientProps {
  /**
   * The client id.
   * @default the construct's id
   */
  readonly clientId?: string;
  /**
   * The name that people see when they sign in.
   * @default the client id
   */
  readonly name?: string;
  /** Addresses that Keycloak may send a user back to, each in full: https, or http on localhost. */
  readonly redirectUris: readonly string[];
  /**
   * Origins whose pages may call Keycloak (CORS).
   * @default the origins of the redirect URIs
   */
  readonly webOrigins?: readonly string[];
  /**
   * Addresses that Keycloak may send a user to after signing out, each in full.
   * @default the redirect URIs
   */
  readonly postLogoutRedirectUris?: readonly string[];
  /** APIs that the frontend calls, and the permissions of every signed-in user there. */
  readonly access: Access;
  /**
   * Built-in client scopes of Keycloak that a signed-in user needs.
   * @default basic, profile, email, acr and web-origins
   */
  readonly userScopes?: readonly string[];
}

/**
 * A frontend: the application that users sign in through. Its client is public, because a browser can keep no secret, and uses the
 * standard flow with PKCE S256 only.
 *
 * @example
 * new FrontendClient(realm, "atlas-frontend", {
 *   name: "Atlas",
 *   redirectUris: ["https://app.example.com/"],
 *   access: { "atlas-api": ["orders:read", "orders:write"] },
 * });
 * @see https://www.rfc-editor.org/rfc/rfc7636 (RFC 7636, PKCE)
 * @see https://www.keycloak.org/docs/latest/server_admin/#_oidc_clients
 */
export class FrontendClient extends Construct {
  /** The client id. */
  readonly clientId: string;

  constructor(scope: Construct, id: string, props: FrontendClientProps) {
    super(scope, id);
    const realm = RealmStack.of(this);
    this.clientId = props.clientId ?? id;
    realm.contents.reserveName("client id", this.clientId, this);
    realm.contents.registerFrontend(this, props.access);

    const { redirectUris } = props;
    const postLogoutRedirectUris = props.postLogoutRedirectUris ?? redirectUris;
    const webOrigins = props.webOrigins ?? originsOf(redirectUris);
    const client = new OpenidClient(this, "Resource", {
      realmId: realm.realmId,
      clientId: this.clientId,
      name: props.name ?? this.clientId,
      accessType: "PUBLIC",
      ...everyFlowOff,
      standardFlowEnabled: true,
      pkceCodeChallengeMethod: "S256",
      validRedirectUris: [...redirectUris],
      validPostLogoutRedirectUris: [...postLogoutRedirectUris],
      webOrigins: [...webOrigins],
      fullScopeAllowed: false,
      dependsOn: realm.clientDependencies,
      lifecycle: { preventDestroy: true },
    });
    const userScopes = props.userScopes ?? ["basic", "profile", "email", "acr", "web-origins"];
    const scopes = accessScopes(this, props.access, true);
    const all = { produce: () => [...userScopes, ...scopes()] };
    addClientScopeLists(this, client, Lazy.listValue(all));
    this.node.addValidation({
      validate: () => [
        ...templateProblems("name", props.name ?? ""),
        ...userScopes.flatMap(userScopeProblems),
        ...(redirectUris.length === 0 ? ["redirectUris is empty; name at least one"] : []),
        ...redirectUris.flatMap((uri) => redirectUriProblems("redirect URI", uri)),
        ...(postLogoutRedirectUris === redirectUris
          ? []
          : postLogoutRedirectUris.flatMap((uri) =>
              redirectUriProblems("post-logout redirect URI", uri),
            )),
        ...(props.webOrigins ?? []).flatMap(originProblems),
      ],
    });
  }
}

function userScopeProblems(scope: string): string[] {
  const known = builtInScopes.filter((name) => name !== "openid");
  if (known.includes(scope)) return [];
  return [`unknown user scope ${quoted(scope)}${hint(scope, known)}`];
}

function originsOf(uris: readonly string[]): string[] {
  return [...new Set(uris.filter((uri) => URL.canParse(uri)).map((uri) => new URL(uri).origin))];
}
