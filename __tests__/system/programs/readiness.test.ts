import { describe, expect, test } from "@jest/globals";
import { whyNotReady } from "../../../system/programs/readiness.ts";

/** A promise that never settles: the process runs on. */
const never = new Promise<never>(() => undefined);

describe("a server that starts", () => {
  test("is ready as soon as it answers", async () => {
    const answers = [false, true];
    const isReady = () => Promise.resolve(answers.shift() ?? false);
    expect(await whyNotReady(isReady, never, 60)).toBeUndefined();
    expect(answers).toEqual([]);
  });

  test("will never be ready if it ends", async () => {
    const ended = Promise.resolve("it ended with exit status 7");
    const isReady = () => Promise.resolve(false);
    expect(await whyNotReady(isReady, ended, 60)).toBe("it ended with exit status 7");
  });

  test("is not ready if it has ended and another server answers", async () => {
    const ended = Promise.resolve("it ended with exit status 7");
    const isReady = () => Promise.resolve(true);
    expect(await whyNotReady(isReady, ended, 60)).toBe("it ended with exit status 7");
  });

  test("is not ready if it ends while another server answers", async () => {
    let end: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    const isReady = () => {
      end("it ended with exit status 7");
      return Promise.resolve(true);
    };
    expect(await whyNotReady(isReady, ended, 60)).toBe("it ended with exit status 7");
  });

  test("is given up if it does not answer in time", async () => {
    const isReady = () => Promise.resolve(false);
    expect(await whyNotReady(isReady, never, 0.1)).toBe("it does not answer after 0.1 s");
  });
});
