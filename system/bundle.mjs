import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { hash } from "./bundle-cache.mjs";

/**
 * Makes one file of a program, the files that it imports and the packages. It reads places from `placeOfProgram`, so it can run in any
 * folder with the same sources.
 *
 * @param {{ file: string, root: string }} source the program, and the folder of the project that it belongs to
 * @returns {Promise<{ mistakes: string } | { mistakes?: undefined, code: string, inputs: Map<string, string> }>} the place of each mistake, or
 *   the code with the hash of each file in it
 */
export async function bundle({ file, root }) {
  const inputs = new Map();
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: `node${process.versions.node}`,
      // a third less to read and to compile; names stay, for stack traces and for classes
      ...{ minifyWhitespace: true, minifySyntax: true },
      // as Node resolves packages, without the additions of bundlers
      conditions: [],
      mainFields: ["main"],
      // for whoever sets NODE_OPTIONS=--enable-source-maps, which costs time at each start
      sourcemap: process.sourceMapsEnabled && "inline",
      sourceRoot: `${pathToFileURL(root).href}/`,
      sourcesContent: false,
      absWorkingDir: root,
      outfile: join(root, "program.mjs"),
      logLevel: "silent",
      // the line that the program's head will take, for the lines in the source map
      banner: { js: "//" },
      plugins: [asNodeLoads(root, inputs)],
    });
    return { code: outputFiles[0].text.replace("//\n", ""), inputs };
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    return { mistakes: error.errors.map(mistake).join("\n") };
  }
}

/** A mistake with its place. */
function mistake({ location, text }) {
  return location ? `${location.file}:${location.line}:${location.column + 1}  ${text}` : text;
}

/** Keeps the place of each file, and leaves native modules to Node. */
function asNodeLoads(root, inputs) {
  return {
    name: "as-node-loads",
    setup({ onResolve, onLoad }) {
      // only for these, because a callback for each import would make bundling three times slower
      onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => ({
        path: path.startsWith(".") ? resolve(resolveDir, path) : path,
        external: true,
      }));
      onLoad({ filter: /\.([cm]?[jt]s|json)$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        inputs.set(path, hash(text));
        const [, loader] = /([jt]s|json)$/.exec(path);
        return { contents: loader === "json" ? text : withPlace(text, path, root), loader };
      });
    },
  };
}

/** Replaces the variables of a module that name its place. */
function withPlace(text, file, root) {
  const place = {
    url: placeBelow(pathToFileURL(root).href, pathToFileURL(file).href, "url"),
    filename: placeBelow(root, file, "path"),
    dirname: placeBelow(root, dirname(file), "path"),
  };
  if (text.includes("import.meta"))
    return text.replace(/\bimport\.meta\.(url|filename|dirname)\b/g, (_, name) => place[name]);
  // an ES module that has such names declares them
  if (!/\b__(file|dir)name\b/.test(text) || /^(import|export)\b/m.test(text)) return text;
  const names = `var __filename = ${place.filename}, __dirname = ${place.dirname}; `;
  return text.replace(/^(#!.*\n)?/, (firstLine) => firstLine + names);
}

/** An expression for a place, relative to the program's root if it is below it. */
function placeBelow(root, place, kind) {
  return place === root || place.startsWith(`${root}/`)
    ? `(placeOfProgram.${kind} + ${JSON.stringify(place.slice(root.length))})`
    : JSON.stringify(place);
}
