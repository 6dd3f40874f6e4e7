import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { DeclarationChange } from "../../../operations/review/compare/declaration-change.ts";
import { markdown } from "../../../operations/review/render/markdown.ts";
import { readStacks } from "../../../operations/terraform/synthesis/stack-json.ts";
import { firstKey, signing } from "./credential-cases.ts";
import { people } from "./people-cases.ts";
import { five, report, type StackJson, stackJson } from "./synthesized-sides.ts";

type Path = readonly string[];

/** A stack with every kind of block that Terraform knows. */
const stack: StackJson = {
  ...stackJson({
    ...people,
    customers: {
      ...five,
      acme: {
        ...signing(firstKey),
        ...{ tokenBinding: "dpop", tokenLifespan: 120, expires: "2027-06-30", rotation: 2 },
      },
      hooli: { auth: { method: "tls_client_auth", subjectDn: "CN=hooli", caSubjectDn: "CN=CA" } },
    },
  }),
  data: { external: { program: { program: ["sh", "-c", "true"] } } },
  module: { extra: { source: "./extra", size: 1 } },
  output: { one: { value: "${keycloak_realm.realm.id}", sensitive: false } },
  variable: { two: { type: "string", default: "x" } },
  locals: { three: { four: [1, 2], five: { six: true } } },
  moved: [{ from: "keycloak_realm.a", to: "keycloak_realm.b" }],
  removed: [{ from: "keycloak_role.a", lifecycle: { destroy: false } }],
  import: [{ to: "keycloak_role.b", id: "atlas/1" }],
  check: { seven: { assert: { condition: "${true}", error_message: "no" } } },
};

/** The paths of all innermost values of a JSON value, without Terraform's comments. */
function leafPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const fields = Object.entries(value).filter(([key]) => key !== "//");
  return fields.length === 0
    ? [path]
    : fields.flatMap(([key, inner]) => leafPaths(inner, [...path, key]));
}

type Container = Record<string, unknown>;

/** A copy of a stack in which one place differs. */
function changed(path: Path, change: (container: Container, key: string) => void): StackJson {
  const copy = structuredClone(stack);
  const container = path.slice(0, -1).reduce<unknown>((at, key) => (at as Container)[key], copy);
  change(container as Container, path.at(-1) ?? "");
  return copy;
}

const remove = (container: Container, key: string) => {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  // Reflect: the key comes from the stack itself
  else Reflect.deleteProperty(container, key);
};
const add = (value: string) => (container: Container) => {
  if (Array.isArray(container)) container.push(value);
  else container.added = value;
};

/** The number of times that a report names a place by its address. */
function direct({ settings, otherResources }: DeclarationChange, address: string): number {
  return [...settings, ...otherResources].filter((each) => each.address === address).length;
}

/** The number of times that a report names a place as something that a customer or a frontend has. */
function ofClient({ customers, frontends }: DeclarationChange, address: string): number {
  const { type, id } = ownerOf(address);
  const ofResource = [
    ...[...customers.changed, ...customers.credentials].flatMap((each) =>
      each.changes.map(() => each),
    ),
    ...[...customers.suspended, ...customers.resumed],
  ];
  const ofList = [...customers.access, ...frontends.changed];
  const settings = customers.settings.filter(
    (each) => each.type === type && each.customers.includes(id),
  );
  const isClient = type === "keycloak_openid_client";
  const entries = (isClient ? ofResource : ofList).filter((each) => each.id === id);
  return entries.length + settings.length;
}

/** The number of times that a report names a place as something that a role grants or a group has. */
function ofPeople(
  { roles, groups }: DeclarationChange,
  [, type = "", resource = ""]: Path,
): number {
  const values = stack.resource?.[type]?.[resource] ?? {};
  if (type === "keycloak_role")
    return roles.changed.filter(({ role }) => role === values.name).length;
  if (type !== "keycloak_group_roles") return 0;
  const group = /keycloak_group\.([\w-]+)/.exec(String(values.group_id))?.[1] ?? "";
  const { name } = stack.resource?.keycloak_group?.[group] ?? {};
  return groups.changed.filter(({ path }) => path.endsWith(`/${String(name)}`)).length;
}

/** The client that a resource is or belongs to, by its name in the stack. */
function ownerOf(address: string): { type: string; id: string } {
  const [type = "", name = ""] = address.split(".");
  return {
    type,
    id: /^(?:customers_)?([a-z-]+?)(_default-scopes)?_[0-9A-F]{8}$/.exec(name)?.[1] ?? "",
  };
}

/** The address in the report of a place in the stack. */
function addressOf([block = "", type = "", name = ""]: Path): string {
  return block === "resource" ? `${type}.${name}` : block;
}

const paths = leafPaths(stack);
const resourceLeaf = (path: Path) => path[0] !== "resource" || path.length > 3;

describe("a change of any value of the stack", () => {
  const anyPath = fc.constantFrom(...paths.filter(resourceLeaf));
  const options = { numRuns: 400, verbose: true };

  test.each<[string, fc.Arbitrary<(container: Container, key: string) => void>]>([
    [
      "to another one",
      fc.string({ minLength: 1 }).map((text) => (container, key) => {
        container[key] = `other ${text}`;
      }),
    ],
    ["to nothing", fc.constant(remove)],
    ["next to it", fc.string({ minLength: 1 }).map(add)],
  ])("%s is reported, exactly once", (_, anyChange) => {
    fc.assert(
      fc.property(anyPath, anyChange, (path, change) => {
        const found = report(readStacks(stack), readStacks(changed(path, change)));
        expect(markdown(found)).not.toContain("Nothing changes");
        if (!found.change) throw new Error("no change");
        const address = addressOf(path);
        const named = direct(found.change, address);
        const ofOwner = ofClient(found.change, address) + ofPeople(found.change, path);
        const isList = address.startsWith("keycloak_openid_client_default_scopes.");
        // a list that goes to another client or group: its owner loses everything in it
        const isGivenAway = ["client_id", "group_id"].includes(path.at(-1) ?? "") && named > 0;
        // a client scope that takes the place of a permission is a loss, and a scope more
        const allowed = isList && !isGivenAway ? [1, 2] : [1];
        expect(allowed).toContain(isGivenAway ? named : named + ofOwner);
      }),
      options,
    );
  });

  test("is reported if it is the order of a list of a program's arguments", () => {
    const path = ["data", "external", "program", "program"];
    const reversed = changed(path, (container, key) => {
      container[key] = [...(container[key] as string[])].reverse();
    });
    expect(markdown(report(readStacks(stack), readStacks(reversed)))).toContain(
      "`data.external.program.program`",
    );
  });

  test("is reported if it is a whole block or resource", () => {
    const wholes = [
      ...Object.keys(stack)
        .filter((block) => block !== "//")
        .map((block) => [block]),
      ...new Set(
        paths.filter(([block]) => block === "resource").map((path) => path.slice(0, 3).join("\n")),
      ),
    ].map((path) => (typeof path === "string" ? path.split("\n") : path));
    for (const path of wholes) {
      const found = report(readStacks(stack), readStacks(changed(path, remove)));
      const back = report(readStacks(changed(path, remove)), readStacks(stack));
      const [block = "", type, name] = path;
      const names = name
        ? [`\`${addressOf(path)}\``, `\`${ownerOf(addressOf(path)).id}\``]
        : [block === "resource" ? "realm" : `\`${type ?? block}`];
      for (const text of [markdown(found), markdown(back)]) {
        expect(text).not.toContain("Nothing changes");
        expect(names.some((each) => text.includes(each))).toBe(true);
      }
    }
  });
});
