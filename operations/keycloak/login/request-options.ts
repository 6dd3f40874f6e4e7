import { interruption } from "../../../system/interruption.ts";

/** Time limit of an answer, in milliseconds: the same as in Terraform's provider. */
const timeout = 15_000;

/** Options of requests to Keycloak. Each request reads them, and gets a time limit of its own. */
export function requestOptions(isUninterrupted = false): RequestInit {
  return {
    get signal() {
      const limit = new AbortController();
      // AbortSignal.any alone does not keep a signal of AbortSignal.timeout: it may be collected before it fires
      const reason = new DOMException("it did not answer in time", "TimeoutError");
      setTimeout(() => {
        limit.abort(reason);
      }, timeout).unref();
      return isUninterrupted ? limit.signal : AbortSignal.any([limit.signal, interruption]);
    },
  };
}
