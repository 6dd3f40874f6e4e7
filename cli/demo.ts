import { join, relative } from "node:path";
import { demo } from "../local/demo/demo.ts";
import type { App, Person, Running } from "../local/demo/stage.ts";
import { thirdPartyFolder } from "../local/demo/third-party.ts";
import { needTerraform } from "../operations/terraform/program.ts";
import { shellQuoted } from "../text/shell-quoted.ts";
import { table } from "../text/table.ts";
import { newCommand, runCommand } from "./shared/command.ts";
import { startProgress } from "./shared/progress/start-progress.ts";

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

function runningText({ keycloak, backend, frontend, people, apps }: Running): string {
  return [
    "",
    `keycloak: ${keycloak}`,
    `backend: ${backend}`,
    `frontend: ${frontend}`,
    "",
    "Sign in at the frontend as each of them:",
    table([["user", "may", "password"], ...people.map(personRow)]),
    "",
    "Calls of a customer's app, to paste into a shell in this folder:",
    ...apps.flatMap(calls),
    "",
    "Ctrl-C stops everything.",
    "",
  ].join("\n");
}

function personRow({ username, permissions, password, file }: Person): string[] {
  const shown = process.stdout.isTTY ? password : `see the file ${file}`;
  return [username, permissions.join(", "), shown];
}

function calls({ permissions, file }: App): string[] {
  const script = relative(process.cwd(), join(thirdPartyFolder, "curl/orders.sh"));
  const actions = permissions.includes("orders:write") ? ["list", "place pencil 2"] : ["list"];
  return actions.map((action) => `  (. ${shellQuoted(file)} && ${script} ${action})`);
}
