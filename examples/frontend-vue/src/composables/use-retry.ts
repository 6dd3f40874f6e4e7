import { type Ref, onScopeDispose, ref, watch } from "vue";

const FIRST = 3;
const LONGEST = 30;

/** Something that is tried again until it works. */
export interface Retry {
  /** It is being tried at this moment. */
  readonly busy: Readonly<Ref<boolean>>;
  /** Tries it at once. */
  readonly now: () => Promise<void>;
}

/**
 * Tries something again while it is needed, each time after a longer pause: a service that comes back must not be met by all its
 * users at once and often. A tab in the background waits.
 *
 * @param atLeast seconds that the other side has asked for
 */
export function useRetry(
  needed: () => boolean,
  action: () => Promise<void>,
  atLeast: () => number | undefined = () => undefined,
): Retry {
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = FIRST;

  const schedule = () => {
    clearTimeout(timer);
    // Spread, so that those whom one outage has stopped do not come back in step.
    const seconds = Math.max(atLeast() ?? 0, pause) * (1 + Math.random() / 4);
    timer = setTimeout(() => {
      if (document.hidden) schedule();
      else void now();
    }, seconds * 1_000);
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
    clearTimeout(timer);
  });
  return { busy, now };
}
