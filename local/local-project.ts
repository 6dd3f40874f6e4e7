import { join } from "node:path";
import type { Sources } from "../operations/terraform/synthesis/synthesize.ts";
import { checkout } from "../system/folders.ts";

/** A declaration that is deployed to the local Keycloak. Each has a realm and a state of its own, so neither changes the other's. */
export interface LocalProject {
  /** The command that deploys it. */
  readonly command: string;
  readonly sources: Sources;
  /** The folder of terraform's state and working data, in the state folder. */
  readonly folder: string;
  /** What to do if its state is damaged. */
  readonly remedy: string;
  /** Whether nobody relies on its realm: it needs no deployer, and its clients may get new secrets without a question. */
  readonly isDemo: boolean;
}

const restore = "restore the file from terraform.tfstate.backup next to it, or";

/** The declaration in the root of the checkout, which belongs to the team. */
export const teamProject: LocalProject = {
  command: "npm start",
  sources: {},
  folder: "",
  remedy: `${restore} run npm run reset, which deletes all of Keycloak's data`,
  isDemo: false,
};

/** The folder of the demo's declaration, in the checkout. A team may delete it with the other examples. */
export const declarationFolder = "examples/declaration";

/** The declaration of the demo, which works whatever the team's files contain. */
export const demoProject: LocalProject = {
  command: "npm run demo",
  sources: { folder: join(checkout, declarationFolder) },
  folder: "demo",
  remedy: `${restore} delete it: the next npm run demo imports its realm`,
  isDemo: true,
};
