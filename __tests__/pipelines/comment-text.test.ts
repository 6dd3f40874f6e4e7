import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

const folder = mkdtempSync(join(tmpdir(), "comment-text-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the workflows post of a text. */
async function posted(text: string, mostCharacters: number): Promise<string> {
  const file = join(folder, "text.md");
  writeFileSync(file, text);
  const script = ".github/scripts/comment-text.mjs";
  const args = [script, file, String(mostCharacters), "the log"];
  const { stdout } = await execa(process.execPath, args, { stripFinalNewline: false });
  return stdout;
}

const end = "\n\n… The rest is in the log.\n";

describe("the text of a comment", () => {
  test.each([
    ["@octocat", "@\u200boctocat"],
    ["by (@octocat), @org/team", "by (@\u200boctocat), @\u200borg/team"],
    ["-@octocat .@octocat +@octocat", "-@\u200boctocat .@\u200boctocat +@\u200boctocat"],
    ["é@octocat", "é@\u200boctocat"],
  ])("mentions nobody: %s", async (text, expected) => {
    expect(await posted(text, 100)).toBe(expected);
  });

  test("leaves e-mail addresses as they are", async () => {
    expect(await posted("api@acme.example", 100)).toBe("api@acme.example");
  });

  test("is whole if it is exactly as long as allowed", async () => {
    const text = `${"x".repeat(99)}\n`;
    expect(await posted(text, 100)).toBe(text);
    expect(await posted(text, 99)).toContain(end);
  });

  test("ends after a whole row", async () => {
    const text = await posted("| 0123 |\n".repeat(20), 100);
    expect(text).toBe(`${"| 0123 |\n".repeat(8).trimEnd()}${end}`);
    expect(text.length).toBeLessThanOrEqual(100);
  });

  test("ends within a row only if there is no other", async () => {
    const text = await posted("x".repeat(200), 100);
    expect(text).toBe(`${"x".repeat(100 - end.length)}${end}`);
  });

  test("ends before a code block that does not fit", async () => {
    const text = `before\n\n\`\`\`\ncode\n\`\`\`\n\n\`\`\`mermaid\n${"a --> b\n".repeat(20)}\`\`\`\n`;
    expect(await posted(text, 100)).toBe(`before\n\n\`\`\`\ncode\n\`\`\`\n${end}`);
  });
});
