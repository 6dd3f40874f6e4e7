import { createHash } from "node:crypto";
import fs from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkout } from "./installation.mjs";

/** With the packages, so that whoever can change a kept bundle can change the packages too, and `npm ci` removes it. */
const folder = join(checkout, "node_modules/.cache/programs");
/** Number of bundles that are kept. A declaration in work leaves a bundle behind after each change. */
const limit = 40;
/** In milliseconds since 1970. */
const processStart = Date.now() - process.uptime() * 1_000;

/** @param {string | Buffer} content @returns {string} a hash that differs if the content differs */
export const hash = (content) => createHash("sha256").update(content).digest("base64");

/**
 * Reads the bundle that an earlier run kept, if every file in it still has the same content, or has not been written since.
 *
 * @param {{ file: string, root: string }} source see bundle.mjs
 * @returns {string | undefined} its code
 */
export function keptBundle(source) {
  try {
    const kept = fs.readFileSync(pathOf(source), "utf8");
    const end = kept.indexOf("\n");
    const { inputs, length } = JSON.parse(kept.slice(0, end));
    const isCurrent = inputs.every(([path, content, written]) => {
      const file = resolve(source.root, path);
      return writeOf(file) === written || hashOf(file) === content;
    });
    const code = kept.slice(end + 1);
    if (!isCurrent || code.length !== length) return undefined;
    noteUse(pathOf(source));
    return code;
  } catch {
    // it is not there, or a file is gone
    return undefined;
  }
}

/** Notes that a bundle is in use, because the oldest ones are removed. */
function noteUse(path) {
  try {
    fs.utimesSync(path, new Date(), new Date());
  } catch {
    // the folder is read-only
  }
}

/**
 * Keeps a bundle for later runs, if that is possible.
 *
 * @param {{ file: string, root: string }} source see bundle.mjs
 * @param {{ code: string, inputs: Map<string, string> }} bundle
 */
export function keepBundle(source, { code, inputs }) {
  try {
    const path = pathOf(source);
    const all = new Map([...configuration(source.root, inputs.keys()), ...inputs]);
    const known = [...all]
      .map(([file, content]) => [below(source.root, file), content, settledWriteOf(file)])
      .sort();
    fs.mkdirSync(folder, { recursive: true });
    // other runs see the whole file or none
    const unfinished = `${path}.${process.pid}`;
    fs.writeFileSync(
      unfinished,
      `${JSON.stringify({ inputs: known, length: code.length })}\n${code}`,
    );
    fs.renameSync(unfinished, path);
    removeOldest();
  } catch {
    // the folder is read-only, or the disk is full: the next run bundles again
  }
}

/** The file for a bundle. Declarations that differ have files of their own, because a review runs two of them. */
function pathOf({ file, root }) {
  const packages = fs.realpathSync(join(root, "node_modules"));
  const key = [process.version, packages, relative(root, file), hashOf(file)];
  return join(folder, `${createHash("sha256").update(key.join("\0")).digest("hex")}.mjs`);
}

/** The files that decide how a program is bundled, with their hashes. */
function configuration(root, inputs) {
  const files = new Set([
    join(root, "tsconfig.json"),
    join(root, "package.json"),
    join(root, "node_modules/.package-lock.json"),
    ...["bundle.mjs", "bundle-cache.mjs"].map((name) =>
      join(dirname(fileURLToPath(import.meta.url)), name),
    ),
  ]);
  for (const input of inputs) {
    const [inPackage] = /.*\/node_modules\/(@[^/]+\/)?[^/]+\//.exec(input) ?? [];
    if (inPackage !== undefined) files.add(join(inPackage, "package.json"));
  }
  return [...files].filter((file) => fs.existsSync(file)).map((file) => [file, hashOf(file)]);
}

function hashOf(file) {
  return hash(fs.readFileSync(file));
}

/** What differs after each write of a file. It takes a tenth of the time of its hash. */
function writeOf(file) {
  const { ino, size, ctimeMs } = fs.statSync(file);
  return [ino, size, ctimeMs].join();
}

/**
 * The last write of a file, if that was before this process; otherwise null, because it may have been after the file was read, and the clock of
 * a file system has ticks.
 */
function settledWriteOf(file) {
  const isSettled = fs.statSync(file).ctimeMs < processStart - 1_000;
  return isSettled ? writeOf(file) : null;
}

/** A path relative to the root if it is below it, so that a copy of the project can use it. */
function below(root, path) {
  const short = relative(root, path);
  return short.startsWith("..") ? path : short;
}

function removeOldest() {
  const files = fs.readdirSync(folder).map((name) => join(folder, name));
  if (files.length <= limit) return;
  const byAge = files.map((file) => ({ file, age: fs.statSync(file).mtimeMs }));
  byAge.sort((one, other) => other.age - one.age);
  for (const { file } of byAge.slice(limit)) fs.rmSync(file, { force: true });
}
