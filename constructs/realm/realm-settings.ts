import type { RealmConfig } from "@cdktf/provider-keycloak/lib/realm";
import type { RealmEventsConfig } from "@cdktf/provider-keycloak/lib/realm-events";
import { quoted } from "../../text/quoted.ts";
import { templateProblems } from "../synthesis/terraform-template.ts";

/** Settings of a managed realm. They are secure by default. */
export interface RealmSettings {
  /**
   * The name that people see when they sign in.
   * @default the realm's name
   */
  readonly displayName?: string;
  /**
   * Rules for users' passwords, in Keycloak's notation: a name, with its value in parentheses. They apply when a password is set.
   * Existing passwords stay valid. An empty list allows every password.
   * @default ["length(12)", "notUsername", "notEmail"]
   * @see https://www.keycloak.org/docs/latest/server_admin/#_password-policies
   */
  readonly passwordPolicy?: readonly string[];
  /**
   * Whether a refresh token works only once. Each use of one gives the frontend a new one.
   * @default true
   * @see https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2 (RFC 9700, "Recommendations")
   */
  readonly refreshTokenRotation?: boolean;
  /**
   * The days after which an offline session ends even if it is in use. A frontend has offline sessions only if its `userScopes`
   * contain `offline_access`.
   * @default 60
   * @see https://www.keycloak.org/docs/latest/server_admin/#_offline-access
   */
  readonly offlineSessionDays?: number;
  /**
   * The events that Keycloak stores.
   * @default see {@link EventSettings}
   */
  readonly events?: EventSettings;
}

/** Settings of stored events: sign-ins of customers and users, and changes by administrators. */
export interface EventSettings {
  /**
   * The days after which Keycloak deletes a stored event. A deploy imports only clients that were created in this time.
   * @default 7
   * @see https://www.keycloak.org/docs/latest/server_admin/#auditing-user-events
   */
  readonly retentionDays?: number;
}

/**
 * Event types that Keycloak stores: sign-ins of customers and users, and what may be an attack on an account. Renewals of tokens
 * and introspections are missing, because there are too many of them.
 *
 * @see https://www.keycloak.org/docs/latest/server_admin/#event-types
 */
export const storedEventTypes = [
  "CLIENT_LOGIN",
  "CLIENT_LOGIN_ERROR",
  "IMPERSONATE",
  "LOGIN",
  "LOGIN_ERROR",
  "LOGOUT",
  "REFRESH_TOKEN_ERROR",
  "REMOVE_CREDENTIAL",
  "UPDATE_CREDENTIAL",
  "USER_DISABLED_BY_TEMPORARY_LOCKOUT",
] as const;

const defaultPasswordPolicy = ["length(12)", "notUsername", "notEmail"];
const secondsPerDay = 24 * 60 * 60;

/** Arguments of the realm that its settings determine. */
export function realmArguments(settings: RealmSettings) {
  return {
    passwordPolicy: (settings.passwordPolicy ?? defaultPasswordPolicy).join(" and "),
    revokeRefreshToken: settings.refreshTokenRotation ?? true,
    refreshTokenMaxReuse: 0,
    offlineSessionMaxLifespanEnabled: true,
    offlineSessionMaxLifespan: `${offlineSessionDays(settings) * 24}h0m0s`,
    attributes: { adminEventsExpiration: String(retentionSeconds(settings)) },
  } satisfies Partial<RealmConfig>;
}

/** Arguments of the realm's events that its settings determine. */
export function eventArguments(settings: RealmSettings) {
  return {
    eventsEnabled: true,
    eventsExpiration: retentionSeconds(settings),
    enabledEventTypes: [...storedEventTypes],
    eventsListeners: ["jboss-logging"],
    adminEventsEnabled: true,
  } satisfies Partial<RealmEventsConfig>;
}

/** Problems of a realm's settings, none if they are valid. */
export function settingsProblems(settings: RealmSettings): string[] {
  return [
    ...templateProblems("displayName", settings.displayName ?? ""),
    ...(settings.passwordPolicy ?? []).flatMap(passwordRuleProblems),
    ...dayProblems("offlineSessionDays", offlineSessionDays(settings)),
    ...dayProblems("events.retentionDays", retentionDays(settings)),
  ];
}

function passwordRuleProblems(rule: string): string[] {
  const problems = templateProblems("passwordPolicy", rule);
  if (problems.length > 0 || /^[A-Za-z]+(\(.*\))?$/u.test(rule)) return problems;
  return [
    `passwordPolicy has the rule ${quoted(rule)}; write a name, or a name and a value, such as length(12)`,
  ];
}

function dayProblems(what: string, days: number): string[] {
  if (Number.isSafeInteger(days) && days >= 1 && days <= 3_650) return [];
  return [`${what} is ${quoted(days)}; write whole days, from 1 to 3650`];
}

function offlineSessionDays(settings: RealmSettings): number {
  return settings.offlineSessionDays ?? 60;
}

function retentionDays(settings: RealmSettings): number {
  return settings.events?.retentionDays ?? 7;
}

function retentionSeconds(settings: RealmSettings): number {
  return retentionDays(settings) * secondsPerDay;
}
