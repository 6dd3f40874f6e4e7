import { TerraformStack } from "cdktf";
import { InvalidDeclarationError } from "../../text/errors.ts";
import { type PlacedProblem, problemList } from "../../text/findings/problem-list.ts";
import { withoutCreationStacks } from "./creation-stacks.ts";
import type { SynthesizedResources } from "../agreement/synthesized-stack.ts";

/** JSON of a stack, as cdktf synthesizes it. */
export interface SynthesizedJson {
  readonly "//": Readonly<Record<string, unknown>>;
  readonly resource?: SynthesizedResources;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A stack that reports every problem of its constructs at once. */
export abstract class ValidatedStack extends TerraformStack {
  /**
   * Validates before cdktf resolves tokens, so that text that looks like a token is reported and not resolved. Then cdktf resolves
   * everything once to find references to other stacks. That takes a third of the time, so it is left out if the app has nothing else.
   */
  override prepareStack(): void {
    this.runAllValidations();
    const above = this.node.scopes.slice(0, -1);
    if (above.every(({ node }) => node.children.length === 1)) return;
    withoutCreationStacks(() => {
      super.prepareStack();
    });
  }

  /** @throws InvalidDeclarationError with every problem of every construct */
  override runAllValidations(): void {
    this.refuse(
      this.node
        .findAll()
        .flatMap(({ node }) => node.validate().map((message) => ({ place: node.path, message }))),
    );
  }

  /** @throws InvalidDeclarationError if there is any problem */
  protected refuse(problems: readonly PlacedProblem[]): void {
    if (problems.length > 0)
      throw new InvalidDeclarationError(problemList(this.node.path, problems));
  }
}
