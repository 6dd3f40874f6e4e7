/** The message about a file with the given problems, each without the file's name. */
export function invalidFileMessage(file: string, problems: readonly string[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [
    `${file} is not valid: ${count}`,
    ...problems.map((problem) => `  ${file}:${problem}`),
  ].join("\n");
}
