import { mkdtemp, readFile, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * Runs a TypeScript program in this process. It and the files that it imports become one file first, because Node loads one file much
 * faster than some hundred. Packages stay as they are.
 *
 * @param {string} file the absolute path of the program
 * @returns {Promise<string | undefined>} the place of each mistake if a file is not valid; undefined if the program ran
 */
export async function importTypeScript(file) {
  const folder = await mkdtemp(join(tmpdir(), "atlas-realm-run-"));
  const program = join(folder, "program.mjs");
  try {
    await writeFile(program, await bundle(file, program));
  } catch (error) {
    await rmdir(folder);
    if (!Array.isArray(error.errors)) throw error;
    return error.errors.map(mistake).join("\n");
  }
  await import(pathToFileURL(program).href);
  return undefined;
}

/** A mistake with its place. */
function mistake({ location, text }) {
  return location ? `${location.file}:${location.line}:${location.column + 1}  ${text}` : text;
}

/** @param {string} program the path that Node loads the bundle from */
async function bundle(file, program) {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: `node${process.versions.node}`,
    // as Node resolves packages, without the additions of bundlers
    conditions: [],
    // for whoever sets NODE_OPTIONS=--enable-source-maps, which costs time at each start
    sourcemap: "inline",
    sourcesContent: false,
    outfile: program,
    logLevel: "silent",
    banner: { js: head(file, program) },
    plugins: [asNodeLoads],
  });
  return outputFiles[0].text;
}

/**
 * The first lines of the bundle: they remove its folder. CommonJS files of the project use `require`, which an ES module does not have.
 */
function head(file, program) {
  return [
    'import { rmSync as removeNow } from "node:fs";',
    'import { createRequire as requireFrom } from "node:module";',
    `removeNow(${JSON.stringify(dirname(program))}, { recursive: true, force: true });`,
    `const require = requireFrom(${JSON.stringify(pathToFileURL(file).href)});`,
  ].join("\n");
}

/** Leaves packages where they are, and keeps the place of each file in `import.meta`. */
const asNodeLoads = {
  name: "as-node-loads",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[^.]/ }, async ({ path, pluginData, importer, resolveDir, kind }) => {
      if (pluginData === asNodeLoads || kind === "entry-point") return undefined;
      if (path.startsWith("node:")) return { path, external: true };
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: asNodeLoads });
      if (found.errors.length > 0 || found.external) return found;
      const isPackage = !path.startsWith("/") || found.path.includes("/node_modules/");
      // the embedded provider is a package of this project, in TypeScript
      if (!isPackage || found.path.endsWith(".ts")) return found;
      const isRequired = kind === "require-call" || kind === "require-resolve";
      return { path: isRequired ? found.path : pathToFileURL(found.path).href, external: true };
    });
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const place = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
      const contents = text.replace(/\bimport\.meta\.(url|filename|dirname)\b/g, (_, name) =>
        JSON.stringify(place[name]),
      );
      return { contents, loader: /\.[cm]?ts$/.test(path) ? "ts" : "js" };
    });
  },
};
