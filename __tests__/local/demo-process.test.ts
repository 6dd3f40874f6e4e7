import { expect, test } from "@jest/globals";
import { startProcess } from "../../local/demo/process.ts";
import { checkout } from "../../system/folders.ts";

test("a process of the demo gets its own variables, and of the demo's only those without credentials", async () => {
  const lines: string[] = [];
  const started = startProcess(
    {
      name: "printer",
      command: process.execPath,
      args: ["-p", "JSON.stringify(process.env)"],
      folder: checkout,
      inherited: {
        PATH: process.env.PATH,
        AWS_SECRET_ACCESS_KEY: "of-the-cloud",
        KEYCLOAK_PASSWORD: "x",
      },
      variables: { OIDC_ISSUER: "https://login.example.com" },
    },
    (_name, line) => lines.push(line),
  );
  await started.ended;
  expect(JSON.parse(lines.join(""))).toEqual({
    PATH: process.env.PATH,
    OIDC_ISSUER: "https://login.example.com",
  });
});
