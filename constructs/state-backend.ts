import {
  AzurermBackend,
  type AzurermBackendConfig,
  GcsBackend,
  type GcsBackendConfig,
  HttpBackend,
  type HttpBackendConfig,
  LocalBackend,
  type LocalBackendConfig,
  PgBackend,
  type PgBackendConfig,
  RemoteBackend,
  type RemoteBackendConfig,
  S3Backend,
  type S3BackendConfig,
} from "cdktf";
import type { Construct } from "constructs";

/**
 * Where terraform keeps its state, with the settings of that back end in Terraform's words, in camelCase. Credentials do
 * not belong here: each back end reads its own environment variables.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend
 */
export type StateBackend =
  | ({ readonly type: "local" } & LocalBackendConfig)
  | ({ readonly type: "pg" } & Omit<PgBackendConfig, "connStr">)
  | ({ readonly type: "s3" } & S3BackendConfig)
  | ({ readonly type: "gcs" } & GcsBackendConfig)
  | ({ readonly type: "azurerm" } & AzurermBackendConfig)
  | ({ readonly type: "http" } & HttpBackendConfig)
  | ({ readonly type: "remote" } & RemoteBackendConfig);

/** Declares the state back end of the stack that `scope` is. */
export function addStateBackend(scope: Construct, state: StateBackend): void {
  switch (state.type) {
    case "local":
      return void new LocalBackend(scope, settings(state));
    case "pg":
      // cdktf demands what PG_CONN_STR says, because it holds a password
      return void new PgBackend(scope, settings(state) as PgBackendConfig);
    case "s3":
      return void new S3Backend(scope, settings(state));
    case "gcs":
      return void new GcsBackend(scope, settings(state));
    case "azurerm":
      return void new AzurermBackend(scope, settings(state));
    case "http":
      return void new HttpBackend(scope, settings(state));
    case "remote":
      return void new RemoteBackend(scope, settings(state));
  }
}

function settings<T extends StateBackend>({ type: _, ...rest }: T): Omit<T, "type"> {
  return rest;
}
