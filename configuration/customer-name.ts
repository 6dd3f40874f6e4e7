import { quoted } from "../text/quoted.ts";
import { firstInvisible, visible } from "../text/visible.ts";
import { templateProblems } from "../constructs/synthesis/terraform-template.ts";

/**
 * Number of combining marks that one letter may have.
 *
 * @see https://www.unicode.org/reports/tr39/#Optional_Detection
 */
const mostMarks = 4;

const tooManyMarks = new RegExp(String.raw`[\p{Mn}\p{Me}]{${mostMarks + 1},}`, "u");

/**
 * Problems of a customer's name that is not empty: people must be able to read it, and to tell it from every other name.
 *
 * @returns the problems, none if the name is fine
 */
export function customerNameProblems(name: string): string[] {
  const unseen = firstInvisible(name);
  const marks = tooManyMarks.exec(name.normalize("NFD"))?.[0].length;
  return [
    ...(unseen === undefined
      ? []
      : [`contains the invisible character ${visible(unseen)}; remove it`]),
    ...(marks === undefined
      ? []
      : [`has ${marks} combining marks in a row; keep at most ${mostMarks}`]),
    ...(unseen !== undefined || /[\p{L}\p{N}]/u.test(name)
      ? []
      : ["has no letter or digit; write the name as people say it"]),
    ...templateProblems("the name", name),
  ];
}

/** Scripts with letters that look the same. */
const alikeScripts = ["Latin", "Cyrillic", "Greek"].map((script) => ({
  script,
  letter: new RegExp(String.raw`\p{Script=${script}}`, "u"),
}));

/** A word that mixes letters of scripts that look alike. */
export interface MixedWord {
  readonly word: string;
  /** The scripts, such as `Latin and Cyrillic`. */
  readonly scripts: string;
}

/**
 * The words of a name that mix letters of scripts that look alike, such as `Аcme` with a Cyrillic `А`.
 *
 * @see https://www.unicode.org/reports/tr39/#Mixed_Script_Detection
 */
export function mixedWords(name: string): MixedWord[] {
  return (name.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).flatMap((word) => {
    const scripts = alikeScripts.flatMap(({ script, letter }) =>
      letter.test(word) ? [script] : [],
    );
    return scripts.length < 2 ? [] : [{ word, scripts: scripts.join(" and ") }];
  });
}

/** Warnings about {@link mixedWords}. */
export function customerNameWarnings(name: string): string[] {
  return mixedWords(name).map(
    ({ word, scripts }) =>
      `the word ${quoted(word)} mixes ${scripts} letters, which look alike; make sure that it is not another customer's name`,
  );
}
