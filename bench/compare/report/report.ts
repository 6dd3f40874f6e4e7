import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { checkout } from "../../../system/folders.ts";
import type { Results } from "../results.ts";
import { markdownOf } from "./markdown.ts";
import { plotOf } from "./plot.ts";
import { cellOf } from "./ratios.ts";
import { withSection } from "./section.ts";

const page = join(checkout, "docs/bench.md");

/** Writes results into `bench/results/` and into the documentation. @returns the files */
export async function writeReport(results: Results): Promise<string[]> {
  const { date, provider } = results;
  const folder = join(checkout, "bench/results");
  await mkdir(folder, { recursive: true });
  const name = `${date}-${provider}`;
  const image = `bench-${provider}.svg`;
  const documented = withSection(
    await readFile(page, "utf8"),
    provider,
    markdownOf(results, `images/${image}`),
  );
  const plot = addOnePlot(results);
  const files = {
    [join(folder, `${name}.json`)]: JSON.stringify(results),
    [join(folder, `${name}.md`)]: `# Benchmark\n\n${markdownOf(results, `${name}.svg`)}`,
    [join(folder, `${name}.svg`)]: plot,
    [join(checkout, "docs/images", image)]: plot,
    [page]: documented,
  };
  for (const [file, content] of Object.entries(files))
    await writeFile(file, file.endsWith(".svg") ? content : await formatted(file, content));
  return Object.keys(files);
}

function addOnePlot(results: Results): string {
  const lines = results.contenders.map(({ name }) => ({
    name,
    points: results.sizes.flatMap((customers) => {
      const selection = { work: "add one", customers, quantity: "seconds" } as const;
      const cell = cellOf(results, selection, name);
      return cell ? [[customers, cell.median] as const] : [];
    }),
  }));
  const title = `Add one customer (${results.provider} provider, ${results.date})`;
  return plotOf(title, { x: "customers", y: "seconds" }, lines);
}

async function formatted(file: string, content: string): Promise<string> {
  return format(content, { ...(await resolveConfig(file)), filepath: file });
}
