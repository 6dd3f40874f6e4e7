import { ErrorTimeout } from "oidc-client-ts";

/** Waits for a result, for a limited time. @throws ErrorTimeout if the time is over; the result is ignored then */
export async function within<T>(seconds: number, result: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ErrorTimeout(`no answer in ${seconds} s`));
    }, seconds * 1_000);
  });
  try {
    return await Promise.race([result, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
