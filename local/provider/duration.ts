/** Go's notation for durations, which the official provider uses: `300ms`, `1.5h`, `1h0m0s`. */

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/gu;

/** Seconds in a duration; throws for text that is none. */
export function parseDuration(text: string): number {
  const unsigned = text.replace(/^[+-]/u, "");
  if (unsigned === "0") return 0;
  if (unsigned === "" || unsigned.replaceAll(PART, "") !== "") {
    throw new Error(`invalid duration "${text}"; write it like 30s, 10m or 1h30m`);
  }
  let total = 0;
  for (const [, amount, unit] of unsigned.matchAll(PART))
    total += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  return text.startsWith("-") ? -total : total;
}

/** A number of seconds as the official provider writes it into the state: `0s`, `5m0s`, `1h0m0s`. */
export function formatDuration(total: number): string {
  const sign = total < 0 ? "-" : "";
  const rest = Math.abs(total);
  const hours = Math.trunc(rest / 3600);
  const minutes = Math.trunc((rest % 3600) / 60);
  const seconds = `${String(rest % 60)}s`;
  if (hours > 0) return `${sign}${String(hours)}h${String(minutes)}m${seconds}`;
  return minutes > 0 ? `${sign}${String(minutes)}m${seconds}` : `${sign}${seconds}`;
}

/** Whether two texts mean the same duration; what is no duration counts as 0, as in the official provider. */
export function sameDuration(before: string, after: string): boolean {
  return before !== "" && after !== "" && lenient(before) === lenient(after);
}

function lenient(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return 0;
  }
}
