import { type Dirent, readdirSync, statSync } from "node:fs";
import { posix } from "node:path";
import { quoted } from "../../text/quoted.ts";
import { pathText, valueAt } from "../yaml/path.ts";
import { InvalidFileError, placeText, type Problem } from "../yaml/problems.ts";
import { unreadableMessage, type YamlFile } from "../yaml/yaml.ts";

/** Whether a path is a folder. If that is unknown, reading it as a file reports why. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** The path of a folder with customers, as messages show it: with one slash at its end. */
export function folderPath(path: string): string {
  return posix.normalize(path).replace(/\/*$/, "/");
}

/** Whether a file directly in a folder with customers holds some of them. As for a shell, `*.yaml` has no file that begins with a dot. */
export function holdsCustomers(name: string): boolean {
  return /^[^./][^/]*\.yaml$/s.test(name);
}

/**
 * Names of the files in a folder that hold customers, in alphabetical order.
 *
 * @throws InvalidFileError if the folder cannot be read
 */
export function customersFilesIn(folder: string): string[] {
  return entriesOf(folder)
    .filter((entry) => holdsCustomers(entry.name) && !leadsToFolder(folder, entry))
    .map(({ name }) => name);
}

/** A file with customers, as far as it can be read. */
export interface CustomersPart {
  /** Undefined if the file is no YAML. */
  readonly yaml?: YamlFile;
  /** The problems of everything but its customers. */
  readonly problems: readonly Problem[];
}

/**
 * The customers of all files in a folder as those of one file. An id in two files is a problem, like one that is twice in a file.
 *
 * @param readPart reads a file with customers
 * @throws InvalidFileError if the folder cannot be read
 */
export function readCustomersFolder(
  path: string,
  readPart: (file: string) => CustomersPart,
): YamlFile {
  const folder = folderPath(path);
  const problems = entriesOf(path).flatMap((entry) => unexpected(folder, entry));
  const names = customersFilesIn(path);
  if (names.length === 0) problems.push({ file: folder, message: noFile });
  const customers = new Map<string, unknown>();
  const owners = new Map<string, YamlFile>();
  for (const name of names) {
    const file = posix.join(folder, name);
    const { yaml, problems: found } = readPart(file);
    problems.push(...found.map((problem) => ({ ...problem, file })));
    if (!yaml) continue;
    for (const [id, customer] of Object.entries(customersOf(yaml))) {
      const other = owners.get(id);
      if (other) problems.push(usedTwice(id, yaml, other));
      else {
        customers.set(id, customer);
        owners.set(id, yaml);
      }
    }
  }
  return {
    file: folder,
    value: { customers: Object.fromEntries(customers) },
    problems,
    problem: (problemPath, message, location) => {
      const owner = owners.get(String(problemPath[1]));
      return owner
        ? problemIn(owner, problemPath, message, location)
        : { path: pathText(problemPath), message };
    },
  };
}

const noFile =
  'has no file that ends in .yaml; write "customers: {}" in one if there is no customer yet';

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const message = unreadableMessage(error as NodeJS.ErrnoException, "create it");
    throw new InvalidFileError(folderPath(folder), [{ message }]);
  }
}

/** Whether an entry is a folder, or a link to one. */
function leadsToFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return isFolder(posix.join(folder, entry.name));
}

/** The problem of an entry of a folder that somebody may take for customers although nothing reads it. */
function unexpected(folder: string, entry: Dirent): Problem[] {
  const { name } = entry;
  const file = folder + name;
  if (name.startsWith(".")) return [];
  if (leadsToFolder(folder, entry))
    return [
      { file, message: `is a folder, in which no customer is read; move its files to ${folder}` },
    ];
  return /\.ya?ml$/i.test(name) && !holdsCustomers(name)
    ? [{ file, message: "does not end in .yaml, so no customer is read from it; rename it" }]
    : [];
}

/** The customers of a file; none if they are no mapping, which is a problem of the file. */
function customersOf({ value }: YamlFile): object {
  const customers = valueAt(value, ["customers"]);
  return typeof customers === "object" && !Array.isArray(customers) ? (customers ?? {}) : {};
}

function usedTwice(id: string, yaml: YamlFile, other: YamlFile): Problem {
  const path = ["customers", id];
  const place = placeText(other.file, other.problem(path, "", "key"));
  return problemIn(yaml, path, `the id ${quoted(id)} is already used in ${place}`, "key");
}

function problemIn(yaml: YamlFile, ...problem: Parameters<YamlFile["problem"]>): Problem {
  return { ...yaml.problem(...problem), file: yaml.file };
}
