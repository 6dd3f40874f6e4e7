/** The seconds of a duration of Terraform's provider, such as `5m0s`. */
export function secondsIn(duration: string): number {
  const seconds = { h: 3_600, m: 60, s: 1 };
  return [...duration.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * seconds[unit as keyof typeof seconds],
    0,
  );
}
