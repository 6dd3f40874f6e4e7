import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../system/folders.ts";

/** A checkout that has only what `system/run.mjs` needs. Tests write their own programs into it. */
export class SmallCheckout {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), "run-")));

  constructor() {
    cpSync(join(checkout, "system"), join(this.root, "system"), { recursive: true });
    this.writePackage(`>=${process.versions.node.split(".")[0] ?? ""}.0.0`);
    for (const name of [
      "production-package",
      "@cdktf/provider-keycloak/lib",
      "development-package",
    ])
      mkdirSync(join(this.root, "node_modules", name), { recursive: true });
    symlinkSync(join(checkout, "node_modules/esbuild"), join(this.root, "node_modules/esbuild"));
  }

  /** Writes a file, and its folders. */
  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  /** Writes a package.json that needs three packages and a version of Node. */
  writePackage(node: string): void {
    const packages = {
      dependencies: { "production-package": "1", "@cdktf/provider-keycloak": "1", esbuild: "0" },
      devDependencies: { "development-package": "1" },
    };
    this.write("package.json", JSON.stringify({ type: "module", engines: { node }, ...packages }));
  }

  /** Runs `system/run.mjs` with only these environment variables. */
  async run(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      ["system/run.mjs", ...args],
      { cwd: this.root, env: variables, extendEnv: false, reject: false, stdin: "ignore" },
    );
    return { exitCode, stdout, stderr };
  }

  /** Removes all files. */
  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
