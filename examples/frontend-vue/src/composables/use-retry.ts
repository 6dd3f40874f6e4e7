import { type Ref, onScopeDispose, ref, watch } from "vue";

const FIRST = 3;
const LONGEST = 30;

/** Browsers run a longer timer immediately. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** An action that is retried until it succeeds. */
export interface Retry {
  /** Whether the action is running. */
  readonly busy: Readonly<Ref<boolean>>;
  /** Retries immediately. */
  readonly now: () => Promise<void>;
}

/**
 * Retries an action while it is needed, after pauses that grow, so that clients do not overload a service that has just recovered.
 * A tab in the background waits.
 *
 * @param atLeast the shortest pause that the service asks for, in seconds
 */
export function useRetry(
  needed: () => boolean,
  action: () => Promise<void>,
  atLeast: () => number | undefined = () => undefined,
): Retry {
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST;
  let isDisposed = false;

  const schedule = () => {
    clearTimeout(timer);
    // The component may be gone by the time that the action ends.
    if (isDisposed) return;
    // Random, so that clients do not all retry at the same time after an outage.
    const seconds = Math.max(atLeast() ?? 0, pause) * (1 + Math.random() / 4);
    timer = setTimeout(
      () => {
        if (document.hidden) schedule();
        else void now();
      },
      Math.min(seconds * 1_000, LONGEST_TIMER),
    );
    pause = Math.min(LONGEST, pause * 2);
  };
  const now = async () => {
    if (busy.value) return;
    clearTimeout(timer);
    busy.value = true;
    try {
      await action();
    } finally {
      busy.value = false;
      if (needed()) schedule();
    }
  };

  watch(
    needed,
    (isNeeded) => {
      clearTimeout(timer);
      pause = FIRST;
      if (isNeeded && !busy.value) schedule();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    isDisposed = true;
    clearTimeout(timer);
  });
  return { busy, now };
}
