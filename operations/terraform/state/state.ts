import { clientPolicyTypes } from "../../../constructs/names/resource-types.ts";
import { required } from "../required.ts";
import { terraform, type Workspace } from "../terraform.ts";

/** Identity of a state, and how often it has been written. */
export interface StateVersion {
  readonly lineage: string;
  readonly serial: number;
}

/** A resource in a state. */
export interface StateResource {
  /** Terraform's address, with modules and indexes. */
  readonly address: string;
  readonly type: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * The version of the stored state; null if there is none yet.
 *
 * @throws UnavailableError if it cannot be read
 */
export async function stateVersion(workspace: Workspace): Promise<StateVersion | null> {
  const state = await storedState(workspace);
  return state && { lineage: state.lineage, serial: state.serial };
}

/** The fields of a stored state that are used here. */
interface StoredState extends StateVersion {
  readonly resources: readonly {
    /** Address of the module; missing for the root module. */
    readonly module?: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly attributes?: Readonly<Record<string, unknown>> | null;
      readonly index_key?: number | string;
      readonly status?: "tainted";
      /** Present for an object that is to be deleted because another one has replaced it. */
      readonly deposed?: string;
    }[];
  }[];
}

async function storedState(workspace: Workspace): Promise<StoredState | null> {
  return (await pulledState(workspace)) as StoredState | null;
}

/**
 * The stored state in terraform's own format, which OpenTofu shares; null if there is none yet.
 *
 * @throws UnavailableError if it cannot be read
 * @see https://developer.hashicorp.com/terraform/cli/commands/state/pull
 */
export async function pulledState(workspace: Workspace): Promise<unknown> {
  const text = await required(terraform(workspace, ["state", "pull"]));
  return text.trim() === "" ? null : JSON.parse(text);
}

/**
 * The ids in Keycloak of all resources in the stored state.
 *
 * @throws UnavailableError if it cannot be read
 */
export async function recordedIds(workspace: Workspace): Promise<ReadonlySet<unknown>> {
  const { resources = [] } = (await storedState(workspace)) ?? {};
  const instances = resources.flatMap((each) => each.instances);
  return new Set(instances.map(({ attributes }) => attributes?.id));
}

/**
 * The resources in a state.
 *
 * @param file a state in a file
 * @default the stored state
 * @throws UnavailableError if it cannot be read
 * @see https://developer.hashicorp.com/terraform/internals/json-format#values-representation
 */
export async function stateResources(
  workspace: Workspace,
  file?: string,
): Promise<StateResource[]> {
  const args = ["show", "-json", ...(file === undefined ? [] : [file])];
  const shown = JSON.parse(await required(terraform(workspace, args))) as {
    readonly values?: { readonly root_module: StateModule };
  };
  return shown.values ? resourcesIn(shown.values.root_module) : [];
}

interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

function resourcesIn({
  resources = [],
  child_modules: modules = [],
}: StateModule): StateResource[] {
  return [...resources, ...modules.flatMap(resourcesIn)];
}

/**
 * The addresses of the resources that the stored state marks as tainted: terraform would recreate them, because their creation failed
 * halfway or somebody asked for it.
 *
 * They are read without the provider. OpenTofu would look for the provider of Terraform's registry to show a state that Terraform has written.
 *
 * @throws UnavailableError if the state cannot be read
 */
export async function taintedAddresses(workspace: Workspace): Promise<ReadonlySet<string>> {
  const { resources = [] } = (await storedState(workspace)) ?? {};
  return new Set(
    resources.flatMap(({ module, type, name, instances }) =>
      instances
        .filter(({ status, deposed }) => status === "tainted" && deposed === undefined)
        .map(
          ({ index_key: key }) => [...(module ? [module] : []), type, name].join(".") + index(key),
        ),
    ),
  );
}

/** The index of an address, in which terraform would evaluate an unescaped template. */
function index(key: number | string | undefined): string {
  if (key === undefined) return "";
  const text = typeof key === "number" ? String(key) : JSON.stringify(key);
  return `[${text.replaceAll(/[$%](?=\{)/g, "$&$&")}]`;
}

/**
 * Keeps resources whose creation failed halfway. Terraform marks them as tainted and would recreate them, which gives a client a
 * new secret. What is still wrong with them becomes an update. A client policy stays tainted: the state has it even if Keycloak refused it, and
 * the provider does not notice that it is missing.
 *
 * @param among the addresses of the plan that were not tainted before the apply: another resource stays so, because somebody asked for that
 * @returns the addresses of the resources that are kept
 * @throws UnavailableError if the state cannot be read
 * @see https://developer.hashicorp.com/terraform/cli/commands/untaint
 */
export async function untaintSince(
  workspace: Workspace,
  among: ReadonlySet<string>,
): Promise<string[]> {
  const tainted = [...(await taintedAddresses(workspace))].filter(
    (each) => among.has(each) && !isClientPolicy(each),
  );
  for (const address of tainted) await terraform(workspace, ["untaint", address]);
  return tainted;
}

function isClientPolicy(address: string): boolean {
  return clientPolicyTypes.some((type) => `.${address}`.includes(`.${type}.`));
}
