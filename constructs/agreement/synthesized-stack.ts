/** The resources of a stack's JSON, by type and name. */
export type SynthesizedResources = Readonly<Record<string, Readonly<Record<string, Arguments>>>>;

type Arguments = Readonly<Record<string, unknown>>;

/** A resource of a stack's JSON. */
export interface SynthesizedResource {
  readonly type: string;
  readonly address: string;
  readonly values: Arguments;
}

const anyReference = /keycloak_[a-z_]+\.[\w-]+/g;
const wholeReference = /^\$\{(keycloak_[a-z_]+\.[\w-]+)\.([a-z_]+)\}$/;

/** The address and the attribute that a value refers to; undefined if it is no reference, or more than one. */
export function referenceIn(
  value: unknown,
): { readonly address: string; readonly attribute: string } | undefined {
  const [, address, attribute] = wholeReference.exec(String(value)) ?? [];
  return address === undefined || attribute === undefined ? undefined : { address, attribute };
}

/** The resources of a synthesized stack, and which of them refer to which. */
export class SynthesizedStack {
  readonly #resources: readonly SynthesizedResource[];
  readonly #byAddress: ReadonlyMap<string, SynthesizedResource>;
  readonly #referring = new Map<string, SynthesizedResource[]>();

  constructor(resources: SynthesizedResources) {
    this.#resources = Object.entries(resources).flatMap(([type, named]) =>
      Object.entries(named).map(([name, values]) => ({ type, address: `${type}.${name}`, values })),
    );
    this.#byAddress = new Map(this.#resources.map((each) => [each.address, each]));
    for (const resource of this.#resources) {
      const text = JSON.stringify({ ...resource.values, "//": undefined, depends_on: undefined });
      for (const address of new Set(text.match(anyReference))) this.#note(address, resource);
    }
  }

  #note(address: string, resource: SynthesizedResource): void {
    const known = this.#referring.get(address);
    if (known) known.push(resource);
    else this.#referring.set(address, [resource]);
  }

  /** The resources of a type. */
  ofType(type: string): readonly SynthesizedResource[] {
    return this.#resources.filter((resource) => resource.type === type);
  }

  /** The resources that have an argument with a value. */
  withArgument(name: string, value: unknown): readonly SynthesizedResource[] {
    return this.#resources.filter(({ values }) => values[name] === value);
  }

  /** The resources whose arguments contain a text. */
  containing(text: string): readonly SynthesizedResource[] {
    return this.#resources.filter(({ values }) =>
      JSON.stringify({ ...values, "//": undefined }).includes(text),
    );
  }

  /** The resources whose arguments refer to another one. */
  referringTo({ address }: SynthesizedResource): readonly SynthesizedResource[] {
    return this.#referring.get(address) ?? [];
  }

  /** The resource whose id a value is, as a reference; undefined if it is none. */
  withId(value: unknown): SynthesizedResource | undefined {
    const reference = referenceIn(value);
    return reference?.attribute === "id" ? this.#byAddress.get(reference.address) : undefined;
  }

  /** A value; if it is a reference to another resource's argument, that argument. */
  resolved(value: unknown): unknown {
    const reference = referenceIn(value);
    if (!reference) return value;
    return this.#byAddress.get(reference.address)?.values[reference.attribute] ?? value;
  }
}

/** The path of the construct that a resource comes from. */
export function constructPath({ values, address }: SynthesizedResource): string {
  const comment = values["//"] as { metadata?: { path?: string } } | undefined;
  return comment?.metadata?.path?.replace(/\/Resource$/, "") ?? address;
}
