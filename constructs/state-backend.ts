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
  type TerraformBackend,
} from "cdktf";
import type { Construct } from "constructs";

/**
 * Where terraform keeps its state, with the settings of that back end in Terraform's words, in camelCase. Credentials do
 * not belong here: each back end reads its own environment variables, `pg` its whole connection from PG_CONN_STR.
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
export function addStateBackend(
  scope: Construct,
  { type, ...settings }: StateBackend,
): TerraformBackend {
  const create = backends[type] as new (scope: Construct, settings: object) => TerraformBackend;
  return new create(scope, settings);
}

const backends = {
  local: LocalBackend,
  pg: PgBackend,
  s3: S3Backend,
  gcs: GcsBackend,
  azurerm: AzurermBackend,
  http: HttpBackend,
  remote: RemoteBackend,
};
