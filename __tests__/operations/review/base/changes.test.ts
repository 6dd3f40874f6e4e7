import { expect, test } from "@jest/globals";
import { filesThatReview } from "../../../../operations/review/base/changes.ts";

test("the team's own files, also customers' keys in keys/, do not decide how a change is reviewed", () => {
  const own = ["main.ts", "customers.yaml", "environments/production.yaml", ".github/CODEOWNERS"];
  const keys = ["keys/acme.pem", "keys/acme.jwk", "keys/acme.json"];
  expect(filesThatReview([...own, ...keys], ["customers.yaml"])).toEqual([]);
});

test("only the files of a folder that hold customers are the team's own", () => {
  const changed = ["customers/acme.yaml", "customers/acme.mjs"];
  expect(filesThatReview(changed, ["customers/acme.yaml", "customers/gone.yaml"])).toEqual([
    "customers/acme.mjs",
  ]);
});

test.each(["keys/acme.mjs", "keys/sub/acme.json", "keys/.prettierrc.json", "acme.pem"])(
  "%s is not taken for a key",
  (file) => {
    expect(filesThatReview([file], ["customers.yaml"])).toEqual([file]);
  },
);
