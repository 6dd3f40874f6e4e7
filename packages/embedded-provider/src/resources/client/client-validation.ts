import type { Json } from "../../keycloak/json.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { asText, isZero, type Value } from "../../protocol/value.ts";

/**
 * Refuses a ClientRepresentation that Keycloak would accept although the client could never work.
 *
 * @param loginThemes the names of the installed login themes; needed only if the client has one
 * @throws ProviderError that names the attribute
 */
export function validateClient(json: Json, loginThemes: readonly string[] = []): void {
  const is = (key: string): boolean => json[key] === true;
  const attributes = json.attributes as Json;
  const redirects = is("standardFlowEnabled") || is("implicitFlowEnabled");
  const hasDirectAccess = is("directAccessGrantsEnabled");
  const hasServiceAccount = is("serviceAccountsEnabled");
  const theme = attributes.login_theme as Value | undefined;
  refuseIf(
    !redirects && !isEmpty(json.redirectUris),
    "valid_redirect_uris",
    "valid_redirect_uris cannot be set when standard or implicit flow is not enabled",
  );
  refuseIf(
    !redirects && !hasDirectAccess && !isEmpty(json.webOrigins),
    "web_origins",
    "web_origins cannot be set when standard or implicit flow is not enabled",
  );
  refuseIf(
    is("bearerOnly") && (redirects || hasDirectAccess || hasServiceAccount),
    "access_type",
    "validation error: Keycloak cannot issue tokens for bearer-only clients; enable no oauth2 flow",
  );
  refuseIf(
    redirects && isEmpty(json.redirectUris),
    "valid_redirect_uris",
    "validation error: standard (authorization code) and implicit flows require at least one valid redirect uri",
  );
  refuseIf(
    is("publicClient") && hasServiceAccount,
    "service_accounts_enabled",
    "validation error: service accounts (client credentials flow) cannot be enabled on public clients",
  );
  refuseIf(
    !isZero(theme) && !loginThemes.includes(asText(theme)),
    "login_theme",
    `validation error: theme "${asText(theme)}" does not exist on the server`,
  );
  refuseIf(
    is("publicClient") && attributes["standard.token.exchange.enabled"] === "true",
    "standard_token_exchange_enabled",
    "validation error: standard token exchange cannot be enabled on public clients",
  );
}

function refuseIf(isInvalid: boolean, attribute: string, message: string): void {
  if (isInvalid) throw new ProviderError(message, [attribute]);
}

function isEmpty(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 0;
}
