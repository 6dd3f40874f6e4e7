import type { Renewal } from "./keycloak.ts";

const RETRY_MS = 5_000;

/**
 * Renews tokens shortly before they run out. A tab in the background does not: the session at Keycloak may go idle there, and
 * the tab catches up once it is looked at again.
 *
 * @param due in how many milliseconds the tokens should be renewed
 * @returns ends it
 */
export function keepFresh(due: () => number, renew: () => Promise<Renewal>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const schedule = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void tick(), Math.max(0, milliseconds));
  };
  const tick = async () => {
    if (document.hidden) return;
    const renewal = await renew();
    if (ended || renewal === "ended") return;
    schedule(renewal === "away" ? RETRY_MS : Math.max(1_000, due()));
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
