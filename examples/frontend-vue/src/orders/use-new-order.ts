import { type Ref, type ShallowRef, reactive, ref, shallowRef } from "vue";
import type { Api } from "../api/api.ts";
import { ApiProblem } from "../api/problem.ts";
import { type Countdown, useCountdown } from "../composables/use-countdown.ts";
import { type Order, createOrder } from "./orders.ts";

/** The form's input, as typed. */
export interface Draft {
  item: string;
  quantity: string | number;
}

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

/** The state of the form for a new order, with the API's answer. */
export function useNewOrder(api: Api): NewOrder {
  const draft = reactive<Draft>({ item: "", quantity: "1" });
  const errors = ref<DraftErrors>({});
  const problem = shallowRef<ApiProblem>();
  const sending = ref(false);
  const wait = useCountdown();

  async function submit(): Promise<Order | undefined> {
    if (sending.value || wait.left.value > 0) return undefined;
    problem.value = undefined;
    errors.value = errorsIn(draft);
    if (Object.keys(errors.value).length > 0) return undefined;
    sending.value = true;
    try {
      const order = await createOrder(api, draft.item.trim(), Number(draft.quantity));
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
  const isCount = /^[1-9]\d*$/.test(String(quantity).trim());
  return {
    ...(item.trim() === "" ? { item: "Enter what you want to order." } : {}),
    ...(isCount ? {} : { quantity: "Enter a whole number, at least 1." }),
  };
}
