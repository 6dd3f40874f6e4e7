import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { loadEnvironment } from "../configuration/environment.ts";
import { demo } from "../local/demo/demo.ts";
import type { App, Running } from "../local/demo/stage.ts";
import { thirdPartyFolder } from "../local/demo/third-party.ts";
import { needProgram } from "../local/programs.ts";
import { table } from "../text/table.ts";
import { command } from "./command.ts";

const widest = "third-party".length;

await command(async (interrupted) => {
  parseArgs({ options: {} });
  await needProgram("terraform", process.env);
  const log = (part: string, line: string) => {
    console.log(`${part.padEnd(widest)} | ${line}`);
  };
  await demo(loadEnvironment(), interrupted, log, (running) => {
    console.log(words(running));
  });
});

function words({ keycloak, backend, frontend, user, apps }: Running): string {
  const password = process.stdout.isTTY ? user.password : `the one in ${user.file}`;
  return [
    "",
    `keycloak: ${keycloak}`,
    `backend: ${backend}`,
    `frontend: ${frontend}`,
    "",
    table([
      ["user", user.username],
      ["password", password],
    ]),
    "",
    "Calls as a customer's app makes them, to paste into a shell in this folder:",
    ...apps.flatMap(calls),
    "",
    "Ctrl-C ends all of it.",
    "",
  ].join("\n");
}

function calls({ permissions, file }: App): string[] {
  const script = relative(process.cwd(), join(thirdPartyFolder, "curl/orders.sh"));
  const actions = permissions.includes("orders:write") ? ["list", "place pencil 2"] : ["list"];
  return actions.map((action) => `  (. '${file}' && ${script} ${action})`);
}
