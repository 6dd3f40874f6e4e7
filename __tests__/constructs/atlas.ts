import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";
import { App, Testing } from "cdktf";
import { Construct } from "constructs";
import { BackendClient } from "../../constructs/backend-client.ts";
import { CustomerClient, type CustomerClientProps } from "../../constructs/customer-client.ts";
import { FrontendClient, type FrontendClientProps } from "../../constructs/frontend-client.ts";
import { type ManagedRealmProps, RealmStack } from "../../constructs/realm-stack.ts";

const outdir = mkdtempSync(join(tmpdir(), "constructs-"));
afterAll(() => {
  rmSync(outdir, { recursive: true });
});

/** An app like that of `main.ts`, whose output is removed after the tests. */
export function app(): App {
  return new App({ outdir, stackTraces: false });
}

/** The JSON file that a stack was written to. */
export function written(stack: string): unknown {
  return JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
}

/** The arguments of a resource. */
export type Resource = Readonly<Record<string, unknown>>;

/** The synthesized JSON of a stack, without comments. */
export interface Synthesized {
  readonly provider: unknown;
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly terraform: unknown;
}

/** A realm without any client. */
export function realm(props: Partial<ManagedRealmProps> = {}): RealmStack {
  return new RealmStack(app(), "atlas", {
    realm: "atlas",
    keycloak: { url: "https://login.example.com" },
    ...props,
  });
}

/** A realm with the APIs `atlas-api` (two permissions) and `billing` (none). */
export function realmWithApis(): RealmStack {
  const stack = realm();
  new BackendClient(stack, "atlas-api", { permissions: ["orders:read", "orders:write"] });
  new BackendClient(stack, "billing", { permissions: [] });
  return stack;
}

/** The realm of {@link realmWithApis} with customers in a construct scope of their own, as in `main.ts`. */
export function realmWithCustomers(
  customers: readonly (readonly [id: string, props?: Partial<CustomerClientProps>])[],
): RealmStack {
  const stack = realmWithApis();
  const scope = new Construct(stack, "customers");
  for (const [id, props] of customers) {
    new CustomerClient(scope, id, {
      name: "Acme Corp",
      contact: "api@acme.example",
      access: { "atlas-api": ["orders:read"] },
      ...props,
    });
  }
  return stack;
}

/** The realm of {@link realmWithApis} with a frontend. */
export function realmWithFrontend(props: Partial<FrontendClientProps> = {}): RealmStack {
  const stack = realmWithApis();
  new FrontendClient(stack, "atlas-frontend", {
    redirectUris: ["https://app.example.com/"],
    access: { "atlas-api": ["orders:read"] },
    ...props,
  });
  return stack;
}

/** The JSON that Terraform gets, after all constructs are validated. */
export function synthesized(stack: RealmStack): Synthesized {
  return JSON.parse(Testing.synth(stack, true)) as Synthesized;
}

/** The resources of a type, by address. */
export function resources(stack: RealmStack, type: string): Readonly<Record<string, Resource>> {
  return synthesized(stack).resource[`keycloak_${type}`] ?? {};
}

/** The only resource of a type that has the given arguments. */
export function only(stack: RealmStack, type: string, having: Resource): Resource {
  const found = Object.values(resources(stack, type)).filter((resource) =>
    Object.entries(having).every(([name, value]) => resource[name] === value),
  );
  const [first] = found;
  if (!first || found.length > 1)
    throw new Error(`${found.length} ${type} have ${JSON.stringify(having)}`);
  return first;
}

/** The number of resources by type. */
export function counts(stack: RealmStack): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(synthesized(stack).resource).map(([type, all]) => [
      type,
      Object.keys(all).length,
    ]),
  );
}

/** The address of every resource: `type.name`. */
export function addresses(stack: RealmStack): string[] {
  return Object.entries(synthesized(stack).resource).flatMap(([type, all]) =>
    Object.keys(all).map((name) => `${type}.${name}`),
  );
}
