import { z } from "zod";
import { pulledState } from "../terraform/state/state.ts";
import type { Workspace } from "../terraform/terraform.ts";
import { FailedError } from "../../text/errors.ts";

const resource = z.looseObject({
  mode: z.string(),
  module: z.string().optional(),
  type: z.string(),
  name: z.string(),
  instances: z.array(
    z.looseObject({
      attributes: z.looseObject({ id: z.unknown() }).optional(),
      dependencies: z.array(z.string()).optional(),
    }),
  ),
});

const schema = z.looseObject({
  version: z.literal(4),
  serial: z.int(),
  lineage: z.string(),
  terraform_version: z.string(),
  outputs: z.record(z.string(), z.looseObject({ value: z.unknown() })),
  resources: z.array(resource),
});

/**
 * A state in terraform's own format, which OpenTofu shares. Fields that are not used here are kept.
 *
 * @see https://developer.hashicorp.com/terraform/language/state#format
 */
export type State = z.infer<typeof schema>;

/** A resource in a state. */
export type StoredResource = z.infer<typeof resource>;

/**
 * The stored state of a stack; undefined if there is none.
 *
 * @throws UnavailableError if it cannot be read
 * @throws FailedError if it is in a format that this code does not know
 */
export async function pullState(workspace: Workspace): Promise<State | undefined> {
  const state = await pulledState(workspace);
  if (state === null) return undefined;
  const { data, error } = schema.safeParse(state);
  if (data) return data;
  throw new FailedError(
    `the state is in a format that reshard does not know: ${error.issues[0]?.path.join(".") ?? ""} ${error.issues[0]?.message ?? ""}`,
  );
}

/** Terraform's address of a resource in a state, without the index of an instance. */
export function addressOf({ mode, module, type, name }: StoredResource): string {
  const data = mode === "data" ? "data." : "";
  return `${module === undefined ? "" : `${module}.`}${data}${type}.${name}`;
}

/** The ids that Keycloak has given to the instances of a resource. */
export function idsOf({ instances }: StoredResource): string {
  return JSON.stringify(instances.map(({ attributes }) => attributes?.id));
}
