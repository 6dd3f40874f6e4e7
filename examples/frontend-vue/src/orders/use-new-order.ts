import { type Ref, type ShallowRef, reactive, ref, shallowRef } from "vue";
import type { Api } from "../api/api.ts";
import { ApiProblem } from "../api/problem.ts";
import { type Countdown, useCountdown } from "../composables/use-countdown.ts";
import { type Order, createOrder } from "./orders.ts";

/** What the form holds, as typed. */
export interface Draft {
  item: string;
  quantity: string | number;
}

/** What is wrong with which field. */
export type DraftErrors = Partial<Record<keyof Draft, string>>;

/** An order in the making. */
export interface NewOrder {
  readonly draft: Draft;
  readonly errors: Readonly<Ref<DraftErrors>>;
  readonly problem: Readonly<ShallowRef<ApiProblem | undefined>>;
  readonly sending: Readonly<Ref<boolean>>;
  /** Seconds until the API takes another order. */
  readonly wait: Countdown;
  /** The order, once the API has it; undefined where something was wrong. */
  readonly submit: () => Promise<Order | undefined>;
}

/** The form for an order: what it holds, and what the API says to it. */
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
      tell(error);
      return undefined;
    } finally {
      sending.value = false;
    }
  }

  function tell(refusal: ApiProblem): void {
    const { fields } = refusal;
    errors.value = {};
    for (const field of ["item", "quantity"] as const) {
      const message = fields.get(field);
      if (message !== undefined) errors.value[field] = message;
    }
    const isTold = refusal.kind === "invalid" && Object.keys(errors.value).length > 0;
    problem.value = isTold ? undefined : refusal;
    if (refusal.kind === "rate limited") wait.start(refusal.retryAfter ?? 10);
  }

  return { draft, errors, problem, sending, wait, submit };
}

/** What can be said without asking. The API knows its limits, and says what else is wrong. */
function errorsIn({ item, quantity }: Draft): DraftErrors {
  const isCount = /^[1-9]\d*$/.test(String(quantity).trim());
  return {
    ...(item.trim() === "" ? { item: "Enter what you want to order." } : {}),
    ...(isCount ? {} : { quantity: "Enter a whole number, at least 1." }),
  };
}
