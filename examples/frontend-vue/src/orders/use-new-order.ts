import { type Ref, type ShallowRef, reactive, ref, shallowRef, watch } from "vue";
import type { Api } from "../api/api.ts";
import { ApiProblem } from "../api/problem.ts";
import { type Countdown, useCountdown } from "../composables/use-countdown.ts";
import { type Draft, keepDraft, keptDraft } from "./kept-draft.ts";
import { type Order, createOrder } from "./orders.ts";

/** Error messages by field. */
export type DraftErrors = Partial<Record<keyof Draft, string>>;

/** The form for a new order. */
export interface NewOrder {
  readonly draft: Draft;
  readonly errors: Readonly<Ref<DraftErrors>>;
  readonly problem: Readonly<ShallowRef<ApiProblem | undefined>>;
  readonly sending: Readonly<Ref<boolean>>;
  /** Seconds until the API accepts another order. */
  readonly wait: Countdown;
  /** Creates the order. Resolves to undefined if that failed. */
  readonly submit: () => Promise<Order | undefined>;
}

/**
 * The state of the form for a new order, with the API's answer.
 *
 * @param user the id of the user, whose draft outlives a reload of the page
 */
export function useNewOrder(api: Api, user: string): NewOrder {
  const kept = keptDraft(user);
  const draft = reactive<Draft>({ item: "", quantity: "1", ...kept?.draft });
  let attempt = kept?.attempt;
  const errors = ref<DraftErrors>({});
  const problem = shallowRef<ApiProblem>();
  const sending = ref(false);
  const wait = useCountdown();

  watch(draft, keep, { flush: "sync" });

  function keep(): void {
    keepDraft(user, { draft, attempt });
  }

  /** The key of an order: the same for each repetition, so that the API creates it only once. */
  function keyOf(order: { readonly item: string; readonly quantity: number }): string {
    const body = JSON.stringify(order);
    if (attempt?.body !== body) attempt = { body, key: crypto.randomUUID() };
    keep();
    return attempt.key;
  }

  async function submit(): Promise<Order | undefined> {
    if (sending.value || wait.left.value > 0) return undefined;
    problem.value = undefined;
    errors.value = errorsIn(draft);
    if (Object.keys(errors.value).length > 0) return undefined;
    sending.value = true;
    try {
      const input = { item: draft.item.trim(), quantity: Number(draft.quantity) };
      const order = await createOrder(api, input, keyOf(input));
      attempt = undefined;
      draft.item = "";
      draft.quantity = "1";
      return order;
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      show(error);
      return undefined;
    } finally {
      sending.value = false;
    }
  }

  function show(refusal: ApiProblem): void {
    const { fields } = refusal;
    errors.value = {};
    for (const field of ["item", "quantity"] as const) {
      const message = fields.get(field);
      if (message !== undefined) errors.value[field] = message;
    }
    const isShownByFields = refusal.kind === "invalid" && Object.keys(errors.value).length > 0;
    problem.value = isShownByFields ? undefined : refusal;
    if (refusal.kind === "rate limited") wait.start(refusal.retryAfter ?? 10);
  }

  return { draft, errors, problem, sending, wait, submit };
}

/** The errors that are evident without the API. The API checks its own limits. */
function errorsIn({ item, quantity }: Draft): DraftErrors {
  const isCount = /^[1-9]\d*$/.test(quantity.trim());
  return {
    ...(item.trim() === "" ? { item: "Enter what you want to order." } : {}),
    ...(isCount ? {} : { quantity: "Enter a whole number, at least 1." }),
  };
}
