import { z } from "zod";
import { originProblems, redirectUriProblems } from "../../constructs/redirect-uri.ts";
import { didYouMean, listed } from "../../text/did-you-mean.ts";
import { quoted } from "../../text/quoted.ts";
import { withErrorHints } from "../error-hints.ts";
import { checkedText } from "../fields/plain-text.ts";
import { InvalidFileError } from "../yaml/problems.ts";
import type { YamlFile } from "../yaml/yaml.ts";

/** Addresses of a frontend, as the properties of `FrontendClient` expect them. */
export interface FrontendAddresses {
  readonly redirectUris: readonly string[];
  readonly webOrigins?: readonly string[];
  readonly postLogoutRedirectUris?: readonly string[];
}

/** The frontends of an environment. */
export interface Frontends {
  /**
   * The addresses of the only frontend.
   *
   * @throws InvalidFileError if the file has no `frontend`
   */
  readonly frontend: FrontendAddresses;
  /**
   * The addresses of one of several frontends.
   *
   * @param name its name in the file's `frontends`, by convention its client id
   * @throws InvalidFileError if the file has no such frontend
   */
  readonly frontendNamed: (name: string) => FrontendAddresses;
}

const redirectUris = z.array(checkedText((uri) => redirectUriProblems("redirect URI", uri)));

const addresses = z.strictObject({
  redirectUris: withErrorHints(redirectUris.min(1, { error: "is empty; name at least one" }), {
    example: "[https://app.example.com/]",
  }),
  webOrigins: z.array(checkedText(originProblems)).exactOptional(),
  postLogoutRedirectUris: redirectUris.exactOptional(),
});

/** Fields of an environment file for its frontends. A realm without a frontend needs none of them. */
export const frontendFields = {
  frontend: addresses.exactOptional(),
  frontends: withErrorHints(z.record(z.string(), addresses), {
    expected: "a mapping of names to addresses",
  }).exactOptional(),
};

/** The frontends that a valid environment file has. */
export function frontendsIn(
  yaml: YamlFile,
  { frontend, frontends = {} }: z.output<z.ZodObject<typeof frontendFields>>,
): Frontends {
  const problem = (text: string) => new InvalidFileError(yaml.file, [yaml.problem([], text)]);
  const names = Object.keys(frontends);
  return {
    get frontend() {
      if (frontend) return frontend;
      throw problem(`"frontend" is missing, which main.ts uses; ${singleFix(names)}`);
    },
    frontendNamed: (name) => {
      const value = names.includes(name) ? frontends[name] : undefined;
      if (value) return value;
      const fix = frontend
        ? `; move frontend into frontends, below ${quoted(name)}`
        : didYouMean(name, names) || `; frontends has ${listed(names) || "none"}`;
      throw problem(`unknown frontend ${quoted(name)} in main.ts${fix}`);
    },
  };
}

function singleFix([name]: readonly string[]): string {
  return name === undefined
    ? "add frontend: {redirectUris: [https://app.example.com/]}"
    : `the file has frontends, which main.ts reads with environment.frontendNamed(${quoted(name)})`;
}
