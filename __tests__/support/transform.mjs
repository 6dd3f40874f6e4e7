import { transformSync } from "esbuild";

/** Jest's transform of TypeScript. It only erases types: `npm run typecheck` checks them. */
export default {
  process(text, file) {
    const target = `node${process.versions.node}`;
    return transformSync(text, { loader: "ts", target, sourcefile: file, sourcemap: "inline" });
  },
};
