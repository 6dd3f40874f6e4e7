import type { Results } from "../results.ts";
import { type Work, workNames } from "../work.ts";
import { cellOf, growthOf, type Quantity } from "./ratios.ts";

const costly: readonly Work[] = ["first deploy", "nothing to do", "add one"];

/** The results as Markdown. */
export function markdownOf(results: Results, plot: string): string {
  const { date, provider, machine, load, versions } = results;
  return [
    `Measured on ${date} with the ${provider} provider, on ${machine}. The load average was ${load.join(" before and ")} after.`,
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", ")}.`,
    `![time to add one customer, by number of customers](${plot})`,
    "Seconds, and in parentheses how many times the best peer's:",
    tableOf(results, workNames, "seconds", (seconds) => seconds.toFixed(1)),
    ...growth(results),
    "The most memory in MB, the sum of all processes of a command:",
    tableOf(results, costly, "megabytes", String),
    "Requests to Keycloak:",
    tableOf(results, costly, "requests", String),
    "Rows in Keycloak's tables of events:",
    tableOf(results, costly, "eventRows", String),
    ...notMeasured(results),
  ].join("\n\n");
}

function tableOf(
  results: Results,
  worksOfTable: readonly Work[],
  quantity: Quantity,
  format: (value: number) => string,
): string {
  const names = results.contenders.map(({ name }) => name);
  const rows = worksOfTable.flatMap((work) =>
    results.sizes.map((customers) => {
      const cells = names.map((name) => {
        const cell = cellOf(results, { work, customers, quantity }, name);
        if (!cell) return "–";
        const { median, ratio } = cell;
        return `${format(median)}${ratio === undefined ? "" : ` (${ratio.toFixed(2)})`}`;
      });
      return [work, grouped(customers), ...cells];
    }),
  );
  const measured = rows.filter((row) => row.slice(2).some((cell) => cell !== "–"));
  const heading = ["work", "customers", ...names];
  const lines = [heading, heading.map(() => "---"), ...measured];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function growth(results: Results): string[] {
  const lines = results.contenders.flatMap(({ name }) => {
    const found = growthOf(results, name);
    if (!found) return [];
    const [from, to] = [found.from, found.to].map(grouped);
    return [`- ${name}: ${found.ratio.toFixed(2)} times, from ${from} to ${to} customers`];
  });
  return lines.length > 0 ? ["The time to add one grows:", lines.join("\n")] : [];
}

function grouped(number: number): string {
  return number.toLocaleString("en-US");
}

function notMeasured({ leftOut }: Results): string[] {
  if (leftOut.length === 0) return [];
  const lines = leftOut.map(
    ({ contender, customers, reason }) =>
      `- ${contender}, ${grouped(customers)} customers: ${reason}`,
  );
  return ["Not measured, or not to the end:", lines.join("\n")];
}
