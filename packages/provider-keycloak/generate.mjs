// Generates the bindings below lib/ from schema.json, in the layout of cdktf's prebuilt providers.
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
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
const sources = `${here}/providers`;
rmSync(unfinished, { recursive: true, force: true });
const code = new CodeMaker();
new TerraformProviderGenerator(code, {
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
await code.save(here);

const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  rootDir: `${sources}/keycloak`,
  outDir: unfinished,
  declaration: true,
  skipLibCheck: true,
  types: [],
};
const program = ts.createProgram([`${sources}/keycloak/index.ts`], options);
const { diagnostics } = program.emit();
const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
rmSync(sources, { recursive: true });
if (problems.length > 0) {
  throw new Error(ts.formatDiagnostics(problems, ts.createCompilerHost(options)));
}
// last, so that lib/ is complete or missing
rmSync(lib, { recursive: true, force: true });
renameSync(unfinished, lib);
