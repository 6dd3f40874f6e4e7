import autocannon from "autocannon";

/** What came of a load. Times are those from sending a request to its answer, in milliseconds. */
export interface Load {
  readonly requests: number;
  /** How long it took: longer than asked for where the rate was too high for the machine. */
  readonly seconds: number;
  /** Requests without an answer: the connection failed, or 10 s were over. */
  readonly errors: number;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * Gets an address with an access token, again and again, on 50 connections.
 *
 * @param rate requests per second
 * @param seconds how long, where the rate can be kept
 */
export async function load(
  url: string,
  token: string,
  rate: number,
  seconds: number,
): Promise<Load> {
  const times: number[] = [];
  const statuses: Record<string, number> = {};
  const options = {
    url,
    headers: { authorization: `Bearer ${token}` },
    connections: 50,
    overallRate: rate,
    amount: rate * seconds,
    timeout: 10,
  };
  const { errors, duration } = await new Promise<autocannon.Result>((resolve, reject) => {
    autocannon(options, (error: Error | null, result) => {
      if (error) reject(error);
      else resolve(result);
    }).on("response", (_client, status, _bytes, milliseconds) => {
      times.push(milliseconds);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
  times.sort((one, other) => one - other);
  const percentile = (part: number) => times[Math.ceil(times.length * part) - 1] ?? 0;
  return {
    requests: times.length + errors,
    seconds: duration,
    errors,
    statuses,
    p50: percentile(0.5),
    p95: percentile(0.95),
    p99: percentile(0.99),
  };
}
