/** A JSON object of Keycloak's Admin REST API. */
export type Json = Record<string, unknown>;
