import { referenceIn } from "../../../constructs/agreement/synthesized-stack.ts";
import {
  type ResourceArguments,
  resourcesOfType,
  type StackContent,
} from "../../terraform/synthesis/stack-json.ts";

/** A client policy or a client profile, as the stack declares it. */
export interface DeclaredPolicy {
  /** Terraform's address. */
  readonly address: string;
  readonly name: string;
  readonly enabled: boolean;
  /** The names of the profiles of a policy; undefined if only Terraform can evaluate them. */
  readonly profiles: readonly string[] | undefined;
  /** The executors of a profile. */
  readonly executors: readonly PolicyPart[];
  /** The conditions of a policy. */
  readonly conditions: readonly PolicyPart[];
}

/** A condition of a policy, or an executor of a profile. */
export interface PolicyPart {
  readonly name: string;
  /** Its settings. One is undefined if only Terraform can evaluate it. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** The client policies, or the client profiles, of a stack: those of the constructs, and other resources of `main.ts`. */
export function declaredPolicies(
  resources: StackContent["resources"],
  type: string,
): DeclaredPolicy[] {
  const parts = (blocks: unknown) =>
    ((blocks ?? []) as readonly ResourceArguments[]).map(({ name, configuration = {} }) => ({
      name: String(name),
      configuration: Object.fromEntries(
        Object.entries(configuration as object).map(([setting, value]) => [
          setting,
          evaluated(value, resources),
        ]),
      ),
    }));
  return resourcesOfType(resources, type).map(([address, values]) => ({
    ...{ address, name: String(values.name), enabled: values.enabled !== false },
    profiles: evaluatedList((values.profiles ?? []) as readonly unknown[], resources),
    ...{ executors: parts(values.executor), conditions: parts(values.condition) },
  }));
}

/** A value of the stack. References are evaluated, also in a list that Terraform encodes; undefined for any other expression. */
function evaluated(value: unknown, resources: StackContent["resources"]): unknown {
  if (typeof value !== "string" || !value.includes("${")) return value;
  const [, list] = /^\$\{jsonencode\(\[(.*)\]\)\}$/.exec(value) ?? [];
  if (list !== undefined)
    return evaluatedList(
      list.split(", ").map((item) => `\${${item}}`),
      resources,
    );
  const { address = "", attribute = "" } = referenceIn(value) ?? {};
  return evaluated(resources[address]?.[attribute], resources);
}

function evaluatedList(
  values: readonly unknown[],
  resources: StackContent["resources"],
): string[] | undefined {
  const list = values.map((value) => evaluated(value, resources));
  return list.includes(undefined) ? undefined : list.map(String);
}
