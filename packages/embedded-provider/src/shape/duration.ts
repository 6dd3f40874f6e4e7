const secondsPerUnit: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3_600,
};

const term = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/gu;

/**
 * Parses a duration in Go's notation, which the official provider uses: `300ms`, `1.5h`, `1h0m0s`.
 *
 * @returns seconds
 * @throws Error if the text is not a duration
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number {
  const unsigned = text.replace(/^[+-]/u, "");
  if (unsigned === "0") return 0;
  if (unsigned === "" || unsigned.replaceAll(term, "") !== "") {
    throw new Error(`invalid duration "${text}"; write it like 30s, 10m or 1h30m`);
  }
  let total = 0;
  for (const [, amount, unit] of unsigned.matchAll(term))
    total += Number(amount) * (secondsPerUnit[unit ?? ""] ?? 0);
  return text.startsWith("-") ? -total : total;
}

/**
 * Formats seconds as the official provider writes them into the state: `0s`, `5m0s`, `1h0m0s`.
 *
 * @see https://pkg.go.dev/time#Duration.String
 */
export function formatDuration(total: number): string {
  const sign = total < 0 ? "-" : "";
  const rest = Math.abs(total);
  const hours = Math.trunc(rest / 3_600);
  const minutes = Math.trunc((rest % 3_600) / 60);
  const seconds = `${rest % 60}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** Whether two texts are the same duration. As in the official provider, a text that is not a duration counts as 0. */
export function isSameDuration(before: string, after: string): boolean {
  return before !== "" && after !== "" && secondsOrZero(before) === secondsOrZero(after);
}

function secondsOrZero(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return 0;
  }
}
