// Stands for `gh api`. Answers from the file $GH_ANSWERS, and appends requests that change something to the file $GH_WRITTEN.
// An answer is JSON, { "pages": [JSON, …] } or { "file": path }.
/* global URLSearchParams */
import { spawnSync } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { GH_ANSWERS, GH_WRITTEN } = process.env;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    method: { type: "string" },
    input: { type: "string" },
    jq: { type: "string" },
    "raw-field": { type: "string", short: "f", multiple: true, default: [] },
    paginate: { type: "boolean" },
    silent: { type: "boolean" },
  },
});
const fields = new URLSearchParams(
  values["raw-field"].map((field) => /^(.*?)=(.*)$/s.exec(field).slice(1)),
);
const isRead = (values.method ?? (fields.size > 0 ? "POST" : "GET")) === "GET";
const path = positionals[1] + (isRead && fields.size > 0 ? `?${fields}` : "");

if (isRead) answer(JSON.parse(readFileSync(GH_ANSWERS, "utf8"))[path]);
else {
  const body = values.input
    ? JSON.parse(readFileSync(values.input, "utf8"))
    : Object.fromEntries(fields);
  appendFileSync(
    GH_WRITTEN,
    `${JSON.stringify({ method: values.method ?? "POST", path, body })}\n`,
  );
}

function answer(found) {
  if (found === undefined) {
    console.error(`gh: Not Found (HTTP 404): ${path}`);
    process.exitCode = 1;
  } else if (found.file) process.stdout.write(readFileSync(found.file));
  else {
    const pages = values.paginate && found.pages ? found.pages : [found.pages?.[0] ?? found];
    for (const page of pages) process.stdout.write(filtered(JSON.stringify(page)));
  }
}

function filtered(json) {
  if (!values.jq) return json;
  const { status, stdout, stderr } = spawnSync("jq", ["-r", "-c", values.jq], { input: json });
  if (status !== 0) throw new Error(String(stderr));
  return stdout;
}
