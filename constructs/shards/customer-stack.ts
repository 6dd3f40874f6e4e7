import { KeycloakProvider } from "@cdktf/provider-keycloak/lib/provider";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { withoutCreationStacks } from "../synthesis/creation-stacks.ts";
import { customerAgreementProblems } from "../agreement/agreement.ts";
import { constructPath, SynthesizedStack } from "../agreement/synthesized-stack.ts";
import type { Customer, RealmDeclaration } from "../declaration.ts";
import { addStateBackend, type StateBackend } from "../realm/state-backend.ts";
import { type SynthesizedJson, ValidatedStack } from "../synthesis/validated-stack.ts";

/** Properties of {@link CustomerStack}. */
export interface CustomerStackProps {
  /** The number of the shard, from 1. */
  readonly shard: number;
  /** The stack of the realm. */
  readonly realm: TerraformStack;
  readonly keycloak: { readonly url: string; readonly basePath?: string };
  readonly state: StateBackend;
  /** The declaration without customers, when everything is declared. */
  readonly declaration: () => RealmDeclaration;
}

/**
 * The customers of one shard, with a state of their own. They name the realm and its scopes, so that no state reads another.
 *
 * @see docs/adr/0034-customers-in-shards.md
 */
export class CustomerStack extends ValidatedStack {
  /** The number of the shard, from 1. */
  readonly shard: number;
  /** The stack of the realm. */
  readonly realm: TerraformStack;
  readonly #declaration: () => RealmDeclaration;
  readonly #customers = new Map<string, Customer>();

  constructor(scope: Construct, id: string, props: CustomerStackProps) {
    super(scope, id);
    this.shard = props.shard;
    this.realm = props.realm;
    this.#declaration = props.declaration;
    addStateBackend(this, props.state);
    new KeycloakProvider(this, "keycloak", {
      url: props.keycloak.url,
      basePath: props.keycloak.basePath ?? "",
    });
  }

  /** Adds a customer of this shard. */
  registerCustomer(id: string, customer: Customer): void {
    this.#customers.set(id, customer);
  }

  /**
   * The synthesized Terraform JSON, and in its comment key `//` the number of the shard.
   *
   * @throws InvalidDeclarationError if the resources give customers something else than the declaration says
   */
  override toTerraform(): SynthesizedJson {
    const json = withoutCreationStacks(() => super.toTerraform() as SynthesizedJson);
    const customers = Object.fromEntries(this.#customers);
    this.refuse([
      ...customerAgreementProblems(json.resource ?? {}, { ...this.#declaration(), customers }),
      ...referringToOtherStacks(json).map((place) => ({ place, message: readsAnotherState })),
    ]);
    return { ...json, "//": { ...json["//"], shard: this.shard } };
  }
}

const readsAnotherState =
  "refers to a resource of another stack, which a customer in a shard cannot do; write its name instead of a reference";

/** The paths of the resources that cdktf has given a value from the state of another stack. */
function referringToOtherStacks({ data, resource = {} }: SynthesizedJson): string[] {
  if (data?.terraform_remote_state === undefined) return [];
  return new SynthesizedStack(resource)
    .containing("data.terraform_remote_state.")
    .map(constructPath);
}
