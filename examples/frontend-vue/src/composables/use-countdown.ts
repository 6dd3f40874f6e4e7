import { type Ref, onScopeDispose, ref } from "vue";

/** A countdown in seconds, down to 0. */
export interface Countdown {
  readonly left: Readonly<Ref<number>>;
  readonly start: (seconds: number) => void;
}

/** Counts seconds down by the clock, because browsers slow the timers of background tabs. */
export function useCountdown(): Countdown {
  const left = ref(0);
  let end = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  const tick = () => {
    left.value = Math.max(0, Math.ceil((end - Date.now()) / 1_000));
    if (left.value === 0) clearInterval(timer);
  };
  const start = (seconds: number) => {
    clearInterval(timer);
    end = Date.now() + seconds * 1_000;
    timer = setInterval(tick, 250);
    tick();
  };
  onScopeDispose(() => {
    clearInterval(timer);
  });
  return { left, start };
}
