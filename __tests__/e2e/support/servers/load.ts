import autocannon from "autocannon";

/** Result of a load. Times are in milliseconds, from sending a request to its answer. */
export interface Load {
  readonly requests: number;
  /** The duration: longer than requested if the rate was too high for the machine. */
  readonly seconds: number;
  /** Requests without an answer: the connection failed, or no answer came within 10 s. */
  readonly errors: number;
  /** The number of answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * Sends GET requests with an access token to an address, on 50 connections.
 *
 * @param rate requests per second
 * @param seconds the duration if the machine can keep the rate
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
  const percentile = (share: number) => times[Math.ceil(times.length * share) - 1] ?? 0;
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
