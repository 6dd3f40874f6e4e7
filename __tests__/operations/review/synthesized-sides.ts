import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { Construct } from "constructs";
import { BackendClient } from "../../../constructs/backend-client.ts";
import { CustomerClient, type CustomerClientProps } from "../../../constructs/customer-client.ts";
import {
  TrustedIssuer,
  type TrustedIssuerProps,
} from "../../../constructs/authentication/trusted-issuer.ts";
import type { Access, RolePermissions } from "../../../constructs/declaration.ts";
import { FrontendClient } from "../../../constructs/frontend-client.ts";
import { GroupRoles } from "../../../constructs/group-roles.ts";
import type { Permission } from "../../../constructs/scopes/permission-scopes.ts";
import {
  type ManagedRealmProps,
  RealmStack,
  type RealmStackProps,
} from "../../../constructs/realm-stack.ts";
import { type Allowed, nothingAllowed } from "../../../operations/review/guard/allowed.ts";
import type { Rails } from "../../../operations/review/guard/verdict.ts";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { pairSides, type Side } from "../../../operations/review/compare/resources/pairs.ts";
import { reviewChange } from "../../../operations/review/review.ts";
import type { Report } from "../../../operations/review/report.ts";
import type { ResourceChange } from "../../../operations/terraform/plan.ts";
import { readStacks } from "../../../operations/terraform/synthesis/stack-json.ts";

/** Deviations of a test's declaration from the sample that {@link side} declares. */
export interface Declared extends Omit<Partial<ManagedRealmProps>, "existing"> {
  /** Whether the realm exists already. */
  readonly existing?: boolean;
  readonly apis?: Readonly<Record<string, readonly Permission[]>>;
  /** Trusted issuers by name. */
  readonly issuers?: Readonly<Record<string, TrustedIssuerProps>>;
  /** Roles of people, by API. */
  readonly roles?: Readonly<Record<string, RolePermissions>>;
  /** Roles of groups, by path. */
  readonly groups?: Readonly<Record<string, Access>>;
  /**
   * The id of the construct that contains the groups.
   * @default "groups"
   */
  readonly groupsBelow?: string;
  readonly redirectUris?: readonly string[];
  readonly frontendAccess?: Access;
  readonly customers?: Readonly<Record<string, Partial<CustomerClientProps>>>;
  /**
   * The id of the construct that contains the customers.
   * @default "customers"
   */
  readonly below?: string;
}

/** Five customers of one API. */
export const five: NonNullable<Declared["customers"]> = {
  acme: {},
  globex: { name: "Globex GmbH", access: { "atlas-api": ["orders:read", "orders:write"] } },
  hooli: { name: "Hooli" },
  initech: { name: "Initech", enabled: false, access: { "atlas-api": [] } },
  umbrella: { name: "Umbrella" },
};

/** One side of a comparison: a synthesized declaration. */
export function side(declared: Declared): Side {
  return readStacks(stackJson(declared));
}

/** The JSON that {@link readStacks} reads. */
export type StackJson = Parameters<typeof readStacks>[0];

/** The JSON of a stack, as Terraform reads it. */
export function stackJson({
  apis,
  issuers = {},
  roles = {},
  groups = {},
  groupsBelow,
  redirectUris,
  frontendAccess,
  customers,
  below,
  existing,
  ...realm
}: Declared): StackJson {
  const props = {
    realm: "atlas",
    keycloak: { url: "https://login.example.com" },
    state: { type: "local", path: "atlas.tfstate" },
    ...(existing ? { existing } : { displayName: "Atlas" }),
    ...realm,
  };
  const stack = new RealmStack(Testing.app(), "atlas", props as RealmStackProps);
  for (const [name, issuer] of Object.entries(issuers)) new TrustedIssuer(stack, name, issuer);
  const declared = apis ?? { "atlas-api": ["orders:read", "orders:write"] };
  for (const [id, permissions] of Object.entries(declared))
    new BackendClient(stack, id, { permissions, ...(roles[id] && { roles: roles[id] }) });
  new FrontendClient(stack, "atlas-frontend", {
    redirectUris: redirectUris ?? ["https://app.example.com/"],
    access: frontendAccess ?? { "atlas-api": ["orders:read"] },
  });
  const people = new Construct(stack, groupsBelow ?? "groups");
  for (const [group, access] of Object.entries(groups))
    new GroupRoles(people, group.replaceAll("/", ":"), { group, access });
  const scope = new Construct(stack, below ?? "customers");
  for (const [id, props] of Object.entries(customers ?? five))
    new CustomerClient(scope, id, {
      name: "Acme Corp",
      contact: `api@${id}.example`,
      access: { "atlas-api": ["orders:read"] },
      ...props,
    });
  const json = JSON.parse(Testing.synth(stack, true)) as object;
  return { ...json, "//": { declaration: stack.declaration } };
}

/** The default limits of an environment. */
export const limits = { customers: 5, percent: 30 };

/** The report of a review of two declarations. */
export function report(
  base: Side | undefined,
  head: Side,
  options: {
    readonly allowed?: Allowed;
    readonly trailers?: Rails["trailers"];
    readonly plan?: readonly ResourceChange[];
  } = {},
): Report {
  const { plan, allowed = nothingAllowed, trailers = new Map() } = options;
  const rails = { limits, allowed, trailers };
  const planned = plan && { changes: [...plan, ...unchanged(plan, base)], adopted: [] };
  const { realm, customers } = head.declaration;
  return {
    environment: "local",
    realm,
    customers: Object.keys(customers).length,
    editsReview: [],
    ...(plan && { base: { ref: "main", commit: "1a2b3c4" } }),
    ...reviewChange(pairSides(base, head), rails, planned, "2026-12-01"),
  };
}

/** The resources that a plan leaves as they are. */
function unchanged(plan: readonly ResourceChange[], base: Side | undefined): ResourceChange[] {
  const changed = new Set(plan.map(({ address }) => address));
  return Object.entries(base?.resources ?? {})
    .filter(([address]) => !changed.has(address))
    .map(([address, values]) => planned(address, ["no-op"], values, values));
}

/** A report as Markdown, and its golden file, which a person has read and approved. UPDATE_GOLDEN=1 writes the file again. */
export function compared(name: string, found: Report): { text: string; golden: string } {
  const text = markdown(found);
  const file = join(import.meta.dirname, "golden", `${name}.md`);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, text);
  return { text, golden: readFileSync(file, "utf8") };
}

/** The address of the only resource of a type that has these arguments. */
export function addressOf({ resources }: Side, type: string, having: object): string {
  const found = Object.entries(resources).filter(
    ([address, values]) =>
      address.startsWith(`${type}.`) &&
      Object.entries(having).every(([name, value]) => values[name] === value),
  );
  if (found.length !== 1)
    throw new Error(`${found.length} resources ${type} have ${JSON.stringify(having)}, not 1`);
  return found[0]?.[0] ?? "";
}

/** A planned change, as `terraform show -json` prints it. */
export function planned(
  address: string,
  actions: readonly string[],
  before: ResourceChange["change"]["before"],
  after: ResourceChange["change"]["after"],
  more: Partial<ResourceChange["change"]> = {},
): ResourceChange {
  const type = address.split(".")[0] ?? "";
  return { address, type, change: { actions, before, after, ...more } };
}
