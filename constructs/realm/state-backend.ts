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
 * State backend, in which terraform keeps its state. The settings have Terraform's names, in camelCase. Credentials do not belong
 * here: each backend reads them from its own environment variables, and `pg` reads its whole connection from PG_CONN_STR.
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

/** Declares the state backend of a stack. */
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
