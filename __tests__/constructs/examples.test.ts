import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import ts from "typescript";

const folder = "constructs";

interface Example {
  /** The file that contains the example. */
  readonly file: string;
  /** The name of the class, function or property that the example belongs to. */
  readonly name: string;
  /** Whether the file exports that name. */
  readonly isExport: boolean;
  readonly code: string;
}

/** The examples in the doc comments of a file, also those of members such as properties. */
function examplesIn(file: string): Example[] {
  const source = ts.createSourceFile(
    file,
    ts.sys.readFile(file) ?? "",
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Example[] = [];
  const visit = (node: ts.Node): void => {
    for (const tag of ts.getJSDocTags(node)) {
      if (tag.tagName.text !== "example" || tag.parent.parent !== node) continue;
      const name = ts.getNameOfDeclaration(node as ts.Declaration)?.getText() ?? "";
      const code = ts.getTextOfJSDocComment(tag.comment) ?? "";
      found.push({ file, name, isExport: node.parent === source, code });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A module that contains each example in a block of its own, with the imports and the variables that examples use. */
function moduleOf(examples: readonly Example[]): string {
  const exported = examples.filter(({ isExport }) => isExport);
  const imports = new Map(exported.map(({ file, name }) => [name, file]));
  return [
    'import type { OpenidClient } from "@cdktf/provider-keycloak/lib/openid-client";',
    'import type { App } from "cdktf";',
    'import type { Construct } from "constructs";',
    ...[...imports].map(([name, file]) => `import { ${name} } from "./${file}";`),
    'import { githubActions } from "./constructs/authentication/trusted-issuer.ts";',
    "declare const app: App;",
    "declare const realm: RealmStack;",
    "declare const backend: OpenidClient;",
    "declare const customers: Construct;",
    ...examples.map(({ name, code }) => `{ // ${name}\n${code}\n}`),
  ].join("\n");
}

/** The messages of the compiler about a module in the project's root that exists only in memory. */
function diagnosticsOf(text: string): string[] {
  const file = join(process.cwd(), "examples-of-constructs.ts");
  const { config } = ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([file], options, {
    ...host,
    fileExists: (path) => path === file || host.fileExists(path),
    readFile: (path) => (path === file ? text : host.readFile(path)),
    getSourceFile: (path, version, ...rest) =>
      path === file
        ? ts.createSourceFile(path, text, version)
        : host.getSourceFile(path, version, ...rest),
  });
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const examples = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => examplesIn(`${folder}/${file}`));

test.each([
  "RealmStack",
  "BackendClient",
  "AudienceScope",
  "PermissionScopes",
  "FrontendClient",
  "CustomerClient",
  "GroupRoles",
  "TrustedIssuer",
])("%s has one example, which creates it", (name) => {
  const own = examples.filter((example) => example.name === name);
  expect(own.map(({ code }) => code)).toEqual([expect.stringContaining(`new ${name}(`)]);
});

test("every example compiles", () => {
  expect(diagnosticsOf(moduleOf(examples))).toEqual([]);
}, 30_000);
