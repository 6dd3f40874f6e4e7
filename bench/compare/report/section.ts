/**
 * Replaces what is between a page's comments `<!-- begin: name -->` and `<!-- end: name -->`.
 *
 * @throws Error if the page does not have both
 */
export function withSection(page: string, name: string, content: string): string {
  const [begin, end] = ["begin", "end"].map((word) => `<!-- ${word}: ${name} -->`) as [
    string,
    string,
  ];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no section between ${begin} and ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}
