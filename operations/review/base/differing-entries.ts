/**
 * The part of each of two customers' files that may differ from the other: they often have thousands of entries in common before and after it.
 * Whoever reads the parts has to refuse any that is not plain YAML, because an anchor or an open quotation mark affects what follows.
 *
 * @returns the parts as files of their own; undefined if it is not certain where the entries begin
 */
export function differingEntries(before: string, after: string): [string, string] | undefined {
  const [start, indentation] = beginning.exec(before) ?? [];
  if (start === undefined || indentation === undefined || !after.startsWith(start))
    return undefined;
  // at the beginning of a line
  const isEntry = (text: string, at: number) =>
    text[at - 1] === "\n" &&
    (at === text.length ||
      (text.startsWith(indentation, at) && isLetter.test(text.charAt(at + indentation.length))));
  const first = start.length - indentation.length;
  let from = commonStart(before, after);
  while (from > first && !(isEntry(before, from) && isEntry(after, from)))
    from = before.lastIndexOf("\n", from - 2) + 1;
  const longer = after.length - before.length;
  let to = before.length - commonEnd(before, after, from);
  while (to < before.length && !(isEntry(before, to) && isEntry(after, to + longer)))
    to = lineAfter(before, to);
  const part = (text: string) => {
    const entries = text.slice(from, to + text.length - before.length);
    return entries === "" ? "customers: {}\n" : `customers:\n${entries}`;
  };
  return [part(before), part(after)];
}

/** The text before the id of the first entry, which ends with the indentation of all entries. */
const beginning = /^(?: *(?:#.*)?\n)*customers:(?: +#.*)?\n(?: *(?:#.*)?\n)*( +)(?=[A-Za-z])/;

const isLetter = /[A-Za-z]/;

/** The number of characters that two texts begin with. */
function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}

/** The number of characters that two texts end with, after a place in both. */
function commonEnd(one: string, other: string, after: number): number {
  const most = Math.min(one.length, other.length) - after;
  let length = 0;
  while (
    length < most &&
    one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length)
  )
    length += 1;
  return length;
}

/** The beginning of the next line. */
function lineAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}
