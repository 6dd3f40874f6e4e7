import { transformSync } from "esbuild";

/** Jest's transform of TypeScript. It only erases types: `npm run typecheck` checks them. */
export default {
  process(text, file) {
    // the oldest supported Node: Jest's cache, which several share, does not know which Node runs
    const target = "node20.19";
    return transformSync(text, { loader: "ts", target, sourcefile: file, sourcemap: "inline" });
  },
};
