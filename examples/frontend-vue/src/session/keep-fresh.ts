import type { Renewal } from "./kept-tokens.ts";

const RETRY_MS = 5_000;

/** Browsers run a longer timer immediately. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Renews tokens shortly before they expire. A tab in the background does not, so that Keycloak's idle timeout applies. It catches
 * up when it becomes visible again.
 *
 * @param due the milliseconds until the tokens should be renewed
 * @returns a function that stops the renewal
 */
export function keepFresh(due: () => number, renew: () => Promise<Renewal>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const schedule = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void tick(), Math.min(milliseconds, LONGEST_TIMER));
  };
  const tick = async () => {
    if (document.hidden) return;
    // A call to the API may have renewed them already.
    if (due() > 0) {
      schedule(due());
      return;
    }
    const renewal = await renew();
    if (ended || renewal === "ended") return;
    schedule(renewal === "unreachable" ? RETRY_MS : Math.max(1_000, due()));
  };
  const wake = () => {
    if (!document.hidden) schedule(due());
  };

  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  schedule(due());
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
    removeEventListener("online", wake);
  };
}
