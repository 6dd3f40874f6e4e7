import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { keepBundle, keptBundle } from "./bundle-cache.mjs";
import { checkout, projectName } from "./installation.mjs";

/**
 * Runs a TypeScript program in this process. It, the files that it imports and the packages become one file first, because Node loads one
 * file much faster than some hundred.
 *
 * @param {string} file the absolute path of the program
 * @returns {Promise<string | undefined>} the place of each mistake if a file is not valid; undefined if the program ran
 */
export async function importTypeScript(file) {
  const root = file.startsWith(join(checkout, "/")) ? checkout : dirname(file);
  const source = { file, root };
  // a source map contains places, so it is of no use in another folder
  const isKept = !process.sourceMapsEnabled;
  let code = isKept ? keptBundle(source) : undefined;
  if (code === undefined) {
    const { bundle } = await import("./bundle.mjs");
    const bundled = await bundle(source);
    if (bundled.mistakes !== undefined) return bundled.mistakes;
    if (isKept) keepBundle(source, bundled);
    ({ code } = bundled);
  }
  const folder = mkdtempSync(join(tmpdir(), `${projectName}-run-`));
  const program = join(folder, "program.mjs");
  writeFileSync(program, `${head(source, folder)}\n${code}`);
  await import(pathToFileURL(program).href);
  return undefined;
}

/**
 * The first line of the program. It removes the folder, and has what ES modules in another folder lack: `require` for CommonJS files,
 * and the place of the sources.
 */
function head({ file, root }, folder) {
  const place = { path: root, url: pathToFileURL(root).href };
  return [
    'import { rmSync as removeNow } from "node:fs"',
    'import { createRequire as requireFrom } from "node:module"',
    `removeNow(${JSON.stringify(folder)}, { recursive: true, force: true })`,
    `const require = requireFrom(${JSON.stringify(pathToFileURL(file).href)})`,
    `const placeOfProgram = ${JSON.stringify(place)};`,
  ].join("; ");
}
