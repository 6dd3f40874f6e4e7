import type { Environment } from "../configuration/environment.ts";
import { adminClient, type Login, loginFrom } from "../keycloak/admin.ts";
import { deployerClientId } from "../keycloak/built-in.ts";
import { ExplainedError } from "../text/errors.ts";
import { ensureOwnKeycloak, ownKeycloak } from "./keycloak/own.ts";
import { answers } from "./keycloak/server.ts";
import { type Logins, readLogins } from "./logins.ts";

/** A Keycloak, and an identity that may deploy to it. */
export interface Target {
  /** Its address without the base path. */
  readonly url: string;
  readonly basePath: string;
  readonly login: Login;
  /** Whether it is the one that `npm start` runs for this checkout, and not one that KEYCLOAK_URL or the environment names. */
  readonly own: boolean;
}
