import fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout that this file belongs to. */
export const checkout = dirname(dirname(fileURLToPath(import.meta.url)));

const project = JSON.parse(fs.readFileSync(join(checkout, "package.json"), "utf8"));

/** This project's name in the names of folders and processes, whatever a team's realm is called. */
export const projectName = project.name;

/**
 * The reason why no TypeScript program of this checkout can run, in one line with the fix; undefined if it can.
 *
 * @param {{ needsDevelopmentPackages: boolean }} needs
 */
export function installationProblem({ needsDevelopmentPackages }) {
  const { engines, dependencies, devDependencies } = project;
  return (
    nodeProblem(engines.node) ??
    packagesProblem(dependencies, needsDevelopmentPackages ? devDependencies : {}) ??
    temporaryFolderProblem()
  );
}

/** @param {string} supported ranges as in `^20.19.0 || >=24.0.0` */
function nodeProblem(supported) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const isSupported = supported.split("||").some((range) => {
    const [, operator, oldest, oldestMinor = "0"] = /(\^|>=)(\d+)(?:\.(\d+))?/.exec(range);
    return major === Number(oldest)
      ? minor >= Number(oldestMinor)
      : operator === ">=" && major > Number(oldest);
  });
  if (isSupported) return undefined;
  return `Node ${process.versions.node} is not supported; install a Node that matches ${supported}: https://nodejs.org`;
}

function packagesProblem(dependencies, devDependencies) {
  const missing = (packages) =>
    Object.keys(packages).find((name) => !fs.existsSync(join(checkout, "node_modules", name)));
  const name = missing(dependencies);
  if (name !== undefined) return `npm packages are missing, such as ${name}; run npm ci`;
  const forDevelopment = missing(devDependencies);
  if (forDevelopment !== undefined)
    return `development packages are missing, such as ${forDevelopment}; run npm ci --include=dev`;
  const bindings = "@cdktf/provider-keycloak";
  if (fs.existsSync(join(checkout, "node_modules", bindings, "lib"))) return undefined;
  return `the generated code of ${bindings} is missing, because npm ran without install scripts; run npm rebuild --ignore-scripts=false ${bindings}`;
}

function temporaryFolderProblem() {
  const folder = tmpdir();
  const advice = "set TMPDIR to a folder that you can write to, with some free space";
  try {
    fs.rmdirSync(fs.mkdtempSync(join(folder, `${projectName}-`)));
    const { bavail, bsize } = fs.statfsSync(folder);
    return bavail * bsize < 1_000_000
      ? `the disk of the temporary folder ${folder} is full; ${advice}`
      : undefined;
  } catch (error) {
    return `the temporary folder ${folder} cannot be used (${error.code}); ${advice}`;
  }
}
