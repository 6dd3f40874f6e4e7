import { join, relative } from "node:path";
import { demo } from "../local/demo/demo.ts";
import type { App, Running } from "../local/demo/stage.ts";
import { thirdPartyFolder } from "../local/demo/third-party.ts";
import { needTerraform } from "../operations/terraform/program.ts";
import { shellQuoted } from "../text/shell-quoted.ts";
import { table } from "../text/table.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { startProgress } from "./shared/start-progress.ts";

const widest = "third-party".length;

await runCommand(({ variables, interrupted }) =>
  newCommand({
    script: "npm run demo",
    description:
      "Runs Keycloak, the backend, the frontend and a customer's app on this machine, until Ctrl-C.",
    example: "",
  }).action(async () => {
    await needTerraform(variables);
    await demo({
      ...{ variables, interrupted, progress: startProgress(variables) },
      log: (name, line) => {
        console.log(`${name.padEnd(widest)} | ${line}`);
      },
      onRunning: (running) => {
        console.log(runningText(running));
      },
    });
  }),
);

function runningText({ keycloak, backend, frontend, user, apps }: Running): string {
  const password = process.stdout.isTTY ? user.password : `see the file ${user.file}`;
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
    "Calls of a customer's app, to paste into a shell in this folder:",
    ...apps.flatMap(calls),
    "",
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}

function calls({ permissions, file }: App): string[] {
  const script = relative(process.cwd(), join(thirdPartyFolder, "curl/orders.sh"));
  const actions = permissions.includes("orders:write") ? ["list", "place pencil 2"] : ["list"];
  return actions.map((action) => `  (. ${shellQuoted(file)} && ${script} ${action})`);
}
