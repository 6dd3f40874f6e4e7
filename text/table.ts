import Table from "cli-table3";

const borders = [
  ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left"],
  ...["bottom-right", "left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
];

const layout: Table.TableConstructorOptions = {
  chars: Object.fromEntries(borders.map((name) => [name, ""])),
  style: { head: [], border: [], "padding-left": 2, "padding-right": 0 },
};

/** Rows as aligned columns without borders, indented by two spaces. The first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = new Table(layout);
  columns.push(...rows.map((row) => [...row]));
  return columns
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
