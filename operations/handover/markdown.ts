/** Fenced block of Markdown. */
export function block(language: "sh" | "text" | "yaml", text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
