import { posix } from "node:path";
import type { StateBackend } from "../realm/state-backend.ts";

/**
 * The place of a shard's state, next to that of the realm's stack: `acme.tfstate` becomes `acme-customers-3.tfstate`, and the same for a key,
 * an address and a workspace. Each backend keeps the states apart by its own means.
 *
 * @param suffix `customers-3`
 */
export function shardState(state: StateBackend, suffix: string): StateBackend {
  switch (state.type) {
    case "local":
      // without a path, cdktf names the file after the stack
      return state.path === undefined ? state : { ...state, path: suffixed(state.path, suffix) };
    case "pg": {
      const schemaName = schemaOf(state);
      return { ...state, schemaName: `${schemaName}_${suffix.replaceAll("-", "_")}` };
    }
    case "s3":
    case "azurerm":
      return { ...state, key: suffixed(state.key, suffix) };
    case "gcs":
      return { ...state, prefix: posix.join(state.prefix ?? "", suffix) };
    case "http":
      return httpState(state, suffix);
    case "remote": {
      const { workspaces } = state;
      return {
        ...state,
        workspaces:
          "name" in workspaces
            ? { name: `${String(workspaces.name)}-${suffix}` }
            : { prefix: `${String(Object.values(workspaces)[0])}${suffix}-` },
      };
    }
  }
}

/** The schema of the realm's state, with Terraform's default. */
function schemaOf({ schemaName = "terraform_remote_state" }: { readonly schemaName?: string }) {
  return schemaName;
}

/**
 * The bytes that leave room for `_customers_1000`. PostgreSQL truncates a name to 63 bytes, so that several shards would have one state.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */
const longestSchema = 48;

type HttpState = Extract<StateBackend, { type: "http" }>;

/** The addresses for the locks begin with the state's own, as in GitLab. See {@link shardStateProblems}. */
function httpState(state: HttpState, suffix: string): HttpState {
  const { address, lockAddress, unlockAddress } = state;
  const own = `${address}-${suffix}`;
  const below = (lock: string) => own + lock.slice(address.length);
  return {
    ...state,
    address: own,
    ...(lockAddress !== undefined && { lockAddress: below(lockAddress) }),
    ...(unlockAddress !== undefined && { unlockAddress: below(unlockAddress) }),
  };
}

/** Problems of a state backend that shards cannot have. */
export function shardStateProblems(state: StateBackend): string[] {
  if (state.type === "pg")
    return Buffer.byteLength(schemaOf(state)) <= longestSchema
      ? []
      : [
          `state.schemaName: must have at most ${longestSchema} characters if shards is above 1, because PostgreSQL truncates longer names of shards`,
        ];
  if (state.type !== "http") return [];
  const { address, lockAddress = address, unlockAddress = address } = state;
  const isBelow = (lock: string) => lock === address || lock.startsWith(`${address}/`);
  return [
    ...(/[?#]/.test(address) ? ["state.address: cannot have a query if shards is above 1"] : []),
    ...(isBelow(lockAddress) && isBelow(unlockAddress)
      ? []
      : [
          `state: lockAddress and unlockAddress must begin with ${address}, so that each shard gets its own`,
        ]),
  ];
}

/** Inserts a suffix before the extension of a file or a key. */
function suffixed(path: string, suffix: string): string {
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name}-${suffix}${ext}`);
}
