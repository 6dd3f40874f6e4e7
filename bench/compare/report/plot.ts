/** A line of a plot: points by x. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const [width, height] = [760, 420];
const area = { left: 64, right: 230, top: 40, bottom: 52 };
// told apart also by people who see few colors: https://jfly.uni-koeln.de/color/
const colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/** Draws lines as SVG, both axes logarithmic. */
export function plotOf(
  title: string,
  labels: { readonly x: string; readonly y: string },
  lines: readonly Line[],
): string {
  const points = lines.flatMap((line) => line.points);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const x = scale(decades(xs), area.left, width - area.right);
  const y = scale(decades(ys), height - area.bottom, area.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(area.left, 22, title, 'font-size="15"'),
    ...x.ticks.map((tick) => [
      stroke([x.at(tick), area.top], [x.at(tick), height - area.bottom]),
      text(x.at(tick), height - area.bottom + 18, String(tick), 'text-anchor="middle"'),
    ]),
    ...y.ticks.map((tick) => [
      stroke([area.left, y.at(tick)], [width - area.right, y.at(tick)]),
      text(area.left - 8, y.at(tick) + 4, String(tick), 'text-anchor="end"'),
    ]),
    text((area.left + width - area.right) / 2, height - 12, labels.x, 'text-anchor="middle"'),
    text(area.left - 8, area.top - 8, labels.y, 'text-anchor="end"'),
    ...lines.map(({ name, points }, index) => {
      const color = colors[index % colors.length] ?? "black";
      const places = points.map(([px, py]) => [x.at(px), y.at(py)] as const);
      const row = area.top + 16 + index * 20;
      return [
        `<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.map((place) => place.map(round).join(",")).join(" ")}"/>`,
        ...places.map((place) => dot(place, color)),
        dot([width - area.right + 16, row - 4], color),
        text(width - area.right + 26, row, name),
      ];
    }),
    "</svg>\n",
  ]
    .flat()
    .join("\n");
}

/** The exponents of the powers of ten below and above some numbers. They differ, also without any number. */
function decades(values: readonly number[]): readonly [number, number] {
  const logarithms = values.length > 0 ? values.map((value) => Math.log10(value)) : [0];
  const first = Math.floor(Math.min(...logarithms));
  return [first, Math.max(first + 1, Math.ceil(Math.max(...logarithms)))];
}

function scale([first, last]: readonly [number, number], from: number, to: number) {
  return {
    at: (value: number) => from + ((Math.log10(value) - first) / (last - first)) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, index) =>
      Number((10 ** (first + index)).toPrecision(1)),
    ),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;

function stroke(from: readonly [number, number], to: readonly [number, number]): string {
  const [x1, y1, x2, y2] = [...from, ...to].map(round);
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#ddd"/>`;
}

function dot([x, y]: readonly [number, number], color: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${color}"/>`;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped}</text>`;
}
