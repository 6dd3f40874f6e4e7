import { needProgram } from "../../system/programs.ts";
import { ExplainedError, isTransient, UnavailableError } from "../../text/errors.ts";
import type { Login } from "../keycloak/admin.ts";
import { chooseProvider, type Provider } from "./provider.ts";
import type { Target } from "./target.ts";
import { terraform, type Workspace } from "./terraform.ts";

/** Terraform, initialized on a synthesized stack and a Keycloak. It ends its provider when it goes out of scope. */
export class TerraformRun implements AsyncDisposable {
  readonly workspace: Workspace;
  /** The identity that deploys. */
  readonly login: Login;
  readonly #provider: Provider;

  private constructor(workspace: Workspace, login: Login, provider: Provider) {
    this.workspace = workspace;
    this.login = login;
    this.#provider = provider;
  }

  /**
   * Initializes terraform with the official provider, or with the embedded one if terraform cannot get the official one.
   *
   * @param folder the folder of the stack
   * @throws UnavailableError without terraform, or if its state cannot be reached
   */
  static async open(folder: string, { login, variables }: Target): Promise<TerraformRun> {
    await needProgram("terraform", variables);
    const provider = await chooseProvider(variables);
    console.error(`terraform uses ${provider.description}`);
    const run = new TerraformRun({ folder, variables: provider.variables }, login, provider);
    try {
      // -upgrade: the code pins the version, and the folder may hold an older version's lock
      await required(terraform(run.workspace, ["init", "-no-color", "-upgrade"]));
      return run;
    } catch (error) {
      await provider.stop();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#provider.stop();
  }
}

/**
 * Awaits terraform's work.
 *
 * @throws UnavailableError if it fails, because something needed is unavailable then
 */
export async function required<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    throw new UnavailableError(error.message, { isTransient: isTransient(error) });
  }
}
