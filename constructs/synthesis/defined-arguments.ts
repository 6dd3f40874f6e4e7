/** The arguments of a resource that have a value. cdktf resolves every argument three times, and most of a client's have no value. */
export function definedArguments(all: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
