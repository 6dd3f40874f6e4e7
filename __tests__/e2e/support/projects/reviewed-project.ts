import { mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  reviewJsonSchema,
  type ReviewJson,
} from "../../../../operations/review/render/json-schema.ts";
import { Repository } from "../../../operations/review/repository.ts";

/** A main.ts with one API, and TypeScript for what tests vary. */
export function mainWith({
  imports = "",
  displayName = '"Atlas"',
  permissions = '["orders:read", "orders:admin"]',
} = {}): string {
  return `import { App } from "cdktf";
import { Construct } from "constructs";
import { loadCustomers } from "./configuration/customers.ts";
import { loadEnvironment } from "./configuration/environment.ts";
import { BackendClient } from "./constructs/backend-client.ts";
import { CustomerClient } from "./constructs/customer-client.ts";
import { FrontendClient } from "./constructs/frontend-client.ts";
import { RealmStack } from "./constructs/realm-stack.ts";
import { endWithMessage } from "./text/errors.ts";
${imports}
process.on("uncaughtException", endWithMessage);
const { keycloak, state, frontend, customers } = loadEnvironment(process.env);
const app = new App();
const displayName = ${displayName};
const atlas = new RealmStack(app, "atlas", { realm: "atlas", displayName, keycloak, state });
new BackendClient(atlas, "atlas-api", { permissions: ${permissions} });
new FrontendClient(atlas, "atlas-frontend", { ...frontend, access: { "atlas-api": [] } });
const scope = new Construct(atlas, "customers");
for (const { id, ...customer } of loadCustomers(customers, atlas.declaration))
  new CustomerClient(scope, id, customer);
app.synth();
`;
}

/** A customers.yaml with some customers. */
export function customersWith(...ids: readonly string[]): string {
  const entries = ids.map(
    (id) => `  ${id}:
    name: ${id}
    contact: api@${id}.example
    access: { atlas-api: [orders:read] }
`,
  );
  return entries.length === 0 ? "customers: {}\n" : `customers:\n${entries.join("")}`;
}

/** An environment file, with more lines. */
export function environmentWith(more = ""): string {
  return `keycloak: { url: https://login.example.com }
frontend: { redirectUris: [https://app.example.com/] }
state: { type: local }
${more}`;
}

/** The customers of a {@link ReviewedProject}. */
export const three = ["acme", "globex", "initech"];

/** A repository with the project's code, and a small declaration of its own for the environment `production`. */
export class ReviewedProject extends Repository {
  /** The first commit. */
  readonly base: string;

  /** @param files more files of the first commit */
  constructor(files: Readonly<Record<string, string>> = {}) {
    super();
    this.copyProject();
    rmSync(join(this.folder, "environments"), { recursive: true });
    this.base = this.commit("the project", {
      "main.ts": mainWith(),
      "customers.yaml": customersWith(...three),
      "environments/production.yaml": environmentWith(),
      ...files,
    });
  }

  /** Removes everything since a commit, by default the first one. */
  reset(commit = this.base): void {
    this.git("reset", "--quiet", "--hard", commit);
    this.git("clean", "--quiet", "-fd");
  }

  /** The text of a file. */
  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  /** Edits a file. */
  edit(file: string, change: (text: string) => string): void {
    this.write({ [file]: change(this.read(file)) });
  }

  /** Moves all files into a folder of the repository. */
  moveTo(place: string): void {
    const names = this.git("ls-files")
      .split("\n")
      .map((file) => file.split("/")[0] ?? "");
    mkdirSync(join(this.folder, place));
    this.git("mv", ...new Set(names), place);
    symlinkSync("../node_modules", join(this.folder, place, "node_modules"));
  }

  /**
   * Runs `npm run review` for the environment `production`, or as variables say.
   *
   * @param place the folder of the project in the repository
   */
  async reviewSince(base: string, env: NodeJS.ProcessEnv = {}, place = "", ...args: string[]) {
    return this.review(["--base", base, ...args], {
      cwd: join(this.folder, place),
      env: { REALM_ENV: "production", ...env },
    });
  }

  /** Reviews once, and reads the JSON besides what is printed. */
  async reviewWithJsonSince(base: string, env: NodeJS.ProcessEnv = {}, place = "") {
    const file = join(this.root, "review.json");
    const printed = await this.reviewSince(base, env, place, "--json-file", file);
    return { ...printed, json: reviewJsonSchema.parse(JSON.parse(readFileSync(file, "utf8"))) };
  }

  /** Reviews, and reads the JSON. */
  async jsonSince(base: string, env: NodeJS.ProcessEnv = {}, place = ""): Promise<ReviewJson> {
    const { stdout, stderr } = await this.reviewSince(base, env, place, "--json");
    if (stdout === "") throw new Error(stderr);
    return reviewJsonSchema.parse(JSON.parse(stdout));
  }
}
