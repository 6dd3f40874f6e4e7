import type { Json } from "../../keycloak/json.ts";
import type { ServerInfo } from "../../keycloak/keycloak.ts";
import { ProviderError } from "../../protocol/diagnostics.ts";
import { asText, isZero, type Value } from "../../protocol/value.ts";

/**
 * Refuses a RealmRepresentation whose settings contradict each other, or name something that the server has not installed.
 *
 * @throws ProviderError that names the attribute
 */
export function validateRealm(json: Json, server: ServerInfo): void {
  validateLogin(json);
  validateThemes(json, server);
  validateLocales(json);
  validatePasswordPolicy(json, server);
}

function validateLogin(json: Json): void {
  const hasDuplicates = json.duplicateEmailsAllowed === true;
  if (hasDuplicates && json.registrationEmailAsUsername === true) {
    throw invalid(
      "DuplicateEmailsAllowed cannot be true if RegistrationEmailAsUsername is true",
      "duplicate_emails_allowed",
    );
  }
  if (hasDuplicates && json.loginWithEmailAllowed === true) {
    throw invalid(
      "DuplicateEmailsAllowed cannot be true if LoginWithEmailAllowed is true",
      "duplicate_emails_allowed",
    );
  }
  const sslRequired = String(json.sslRequired);
  if (!["none", "external", "all"].includes(sslRequired)) {
    throw invalid(
      `SslRequired should be 'none', 'external' or 'all', not '${sslRequired}'`,
      "ssl_required",
    );
  }
}

function validateThemes(json: Json, { themes }: ServerInfo): void {
  for (const kind of ["login", "account", "admin", "email"]) {
    const theme = json[`${kind}Theme`] as Value | undefined;
    const isInstalled = themes?.[kind]?.some(({ name }) => name === theme) === true;
    if (!isZero(theme) && !isInstalled)
      throw invalid(`theme "${asText(theme)}" does not exist on the server`, `${kind}_theme`);
  }
}

function validateLocales(json: Json): void {
  const locales = json.supportedLocales as readonly string[];
  if (json.internationalizationEnabled === true && !locales.includes(String(json.defaultLocale)))
    throw invalid("DefaultLocale should be in the SupportLocales", "internationalization");
}

function validatePasswordPolicy(json: Json, { providers }: ServerInfo): void {
  const installed = Object.keys(providers?.["password-policy"]?.providers ?? {});
  const policies = String(json.passwordPolicy)
    .split(" and ")
    .map((policy) => policy.split("(")[0] ?? "");
  const unknown = policies.find((policy) => policy !== "" && !installed.includes(policy));
  if (unknown !== undefined) {
    throw invalid(
      `password-policy "${unknown}" does not exist on the server; installed: ${installed.sort().join(", ")}`,
      "password_policy",
    );
  }
}

function invalid(message: string, attribute: string): ProviderError {
  return new ProviderError(`validation error: ${message}`, [attribute]);
}
