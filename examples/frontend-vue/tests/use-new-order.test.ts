import { beforeEach, expect, test, vi } from "vitest";
import { effectScope } from "vue";
import type { Api, Content } from "../src/api/api.ts";
import { ApiProblem } from "../src/api/problem.ts";
import { useNewOrder } from "../src/orders/use-new-order.ts";
import { storage } from "./support/page.ts";

beforeEach(() => {
  vi.stubGlobal("sessionStorage", storage());
});

/** The form of a user, as a component has it. */
function formOf(user: string, api: Api) {
  return effectScope().run(() => useNewOrder(api, user)) ?? expect.fail("no form");
}

/** The form with an order that the API has not answered. */
async function unansweredOrder() {
  const { api, call } = recordingApi();
  api.isDown = true;
  const form = formOf("dana", call);
  form.draft.item = "Desk";
  await form.submit();
  return { api, call, form };
}

/** An API that records each order, and fails as long as the test says so. */
function recordingApi() {
  const api = { isDown: false, sent: [] as Content[] };
  const call: Api = (_, __, content) => {
    if (content !== undefined) api.sent.push(content);
    if (api.isDown) return Promise.reject(new ApiProblem("unreachable"));
    return Promise.resolve({ id: "1", ...(content?.body as object) });
  };
  return { api, call };
}

test("repeats an order under the same key, also after a reload, and uses another key for another order", async () => {
  const { api, call, form } = await unansweredOrder();
  await form.submit();

  const reloaded = formOf("dana", call);
  expect(reloaded.draft).toEqual({ item: "Desk", quantity: "1" });
  api.isDown = false;
  expect(await reloaded.submit()).toMatchObject({ item: "Desk", quantity: 1 });
  reloaded.draft.item = "Desk";
  await reloaded.submit();

  const [first, second, third, other] = api.sent.map(({ idempotencyKey }) => idempotencyKey);
  expect(first).toMatch(/^[\da-f-]{36}$/);
  expect([second, third]).toEqual([first, first]);
  expect(other).not.toBe(first);
});

test("uses another key if the order changes", async () => {
  const { api, form } = await unansweredOrder();
  form.draft.quantity = "2";
  await form.submit();
  expect(new Set(api.sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
});

test.each(["{", "null", '{"user":"dana"}'])("ignores the kept draft %s", (draft) => {
  sessionStorage.getItem = () => draft;
  const { call } = recordingApi();
  expect(formOf("dana", call).draft).toEqual({ item: "", quantity: "1" });
});

test("does not show a draft to another user", () => {
  const { call } = recordingApi();
  formOf("dana", call).draft.item = "Desk";
  expect(formOf("mira", call).draft).toEqual({ item: "", quantity: "1" });
  expect(formOf("dana", call).draft.item).toBe("Desk");
});
