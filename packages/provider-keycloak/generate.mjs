// Generates the bindings below lib/ from schema.json, in the layout of cdktf's prebuilt providers.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";
import ts from "typescript";

const here = import.meta.dirname;
const { provider } = JSON.parse(readFileSync(`${here}/package.json`, "utf8")).cdktf;
const schema = JSON.parse(readFileSync(`${here}/schema.json`, "utf8"));
const address = `registry.terraform.io/${provider.source}`;

// When it is imported, @cdktf/commons asks terraform and HashiCorp for versions, and prints every failure.
if (!existsSync(process.env.TF_CLI_CONFIG_FILE ?? "")) delete process.env.TF_CLI_CONFIG_FILE;
process.env.CHECKPOINT_DISABLE = "1";
const { TerraformProviderGenerator } = (
  await import("@cdktf/provider-generator/lib/get/generator/provider-generator.js")
).default;
const { CodeMaker } = (await import("codemaker")).default;
const { ConstructsMakerProviderTarget, TerraformProviderConstraint, LANGUAGES } = (
  await import("@cdktf/commons")
).default;

const lib = `${here}/lib`;
const unfinished = `${lib}.new`;
const sources = `${here}/providers/keycloak`;
rmSync(unfinished, { recursive: true, force: true });
const maker = new CodeMaker();
new TerraformProviderGenerator(maker, {
  ...schema,
  provider_versions: { [address]: provider.version },
}).generate(
  new ConstructsMakerProviderTarget(
    new TerraformProviderConstraint({
      name: "keycloak",
      source: provider.source,
      version: provider.version,
    }),
    LANGUAGES[0],
  ),
);
await maker.save(here);

// The sources come from a pinned generator and a pinned schema: checking their types too would triple the time.
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  lib: ["lib.es2022.d.ts"],
  rootDir: sources,
  outDir: unfinished,
  declaration: true,
  emitDeclarationOnly: true,
  noCheck: true,
  skipLibCheck: true,
  types: [],
};
const program = ts.createProgram([`${sources}/index.ts`], options);
const { diagnostics } = program.emit();
rmSync(`${here}/providers`, { recursive: true });
if (diagnostics.length > 0) {
  throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
}
for (const { fileName, text, isDeclarationFile } of program.getSourceFiles()) {
  if (isDeclarationFile) continue;
  // as TypeScript does: esbuild would copy all of cdktf into every module that imports it as a namespace
  const source = text.replace(/^import \* as (\w+) from ('\w+');$/gm, "import $1 = require($2);");
  const { code } = transformSync(source, {
    loader: "ts",
    format: "cjs",
    platform: "node",
    target: "es2022",
  });
  writeFileSync(fileName.replace(sources, unfinished).replace(/ts$/, "js"), code);
}
// last, so that lib/ is complete or missing
rmSync(lib, { recursive: true, force: true });
renameSync(unfinished, lib);
