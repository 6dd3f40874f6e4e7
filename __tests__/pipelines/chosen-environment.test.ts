import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { describeScripts } from "./support/describe-scripts.ts";
import { StepRunner } from "./support/step-runner.ts";

let runner: StepRunner;
beforeEach(() => {
  runner = new StepRunner();
});
afterEach(() => {
  runner.remove();
});

describeScripts("the environment of the pipelines", () => {
  const name = { text: ".ci/environment", shell: "bash {0}" };

  test("is production, unless the team names another one", async () => {
    expect((await runner.run(name)).log).toBe("production");
  });

  test.each(["live\n", "live", "live\nsecond line\n"])(
    "is the first line of environments/pipeline: %j",
    async (text) => {
      runner.write({ "environments/pipeline": text });
      expect((await runner.run(name)).log).toBe("live");
    },
  );
});
