// node .gitlab/post.mjs note <file>           creates or updates the note on the merge request
// node .gitlab/post.mjs drift <file> <0 | 1>  opens, updates or closes the issue about drift
// node .gitlab/post.mjs expiry <file> <0 | 1> the same for the issue about accesses that end
/* global AbortSignal, fetch, URLSearchParams */
import { readFileSync } from "node:fs";
import process from "node:process";
import { commentText } from "../.github/scripts/comment-text.mjs";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, CI_JOB_URL, POST_TOKEN, REALM_ENV } =
  process.env;
const project = `/projects/${CI_PROJECT_ID}`;

async function request(method, path, body) {
  const response = await fetch(`${CI_API_V4_URL}${path}`, {
    method,
    headers: { "PRIVATE-TOKEN": POST_TOKEN, "Content-Type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response;
}

/** The first note or issue that this token wrote and that starts with the marker. */
async function own(path, query, marker, text) {
  const { id } = await (await request("GET", "/user")).json();
  for (let page = "1"; page !== "";) {
    const parameters = new URLSearchParams({ ...query, per_page: "100", page });
    const response = await request("GET", `${path}?${parameters}`);
    const found = (await response.json()).find(
      (one) => one.author.id === id && one[text]?.startsWith(marker),
    );
    if (found) return found;
    page = response.headers.get("x-next-page") ?? "";
  }
  return undefined;
}

async function note(file) {
  const notes = `${project}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;
  const marker = `<!-- review of ${REALM_ENV} -->`;
  const found = await own(notes, { sort: "asc" }, marker, "body");
  const body = written(marker, file);
  await (found
    ? request("PUT", `${notes}/${found.id}`, { body })
    : request("POST", notes, { body }));
}

const titles = {
  drift: ["Keycloak differs from the declaration", "Keycloak is as declared again"],
  expiry: [
    "The access of customers ends or has ended",
    "No access ends or has ended within 30 days",
  ],
};

async function issue(label, file, status) {
  const [title, closing] = titles[label];
  const issues = `${project}/issues`;
  const marker = `<!-- ${label} of ${REALM_ENV} -->`;
  const query = { labels: label, state: "opened" };
  const found = await own(issues, query, marker, "description");
  if (status === "1") {
    const body = { title, labels: label, description: written(marker, file) };
    await (found ? request("PUT", `${issues}/${found.iid}`, body) : request("POST", issues, body));
  } else if (found) {
    const body = `${closing}: ${CI_JOB_URL}`;
    await request("POST", `${issues}/${found.iid}/notes`, { body });
    await request("PUT", `${issues}/${found.iid}`, { state_event: "close" });
  }
}

function written(marker, file) {
  // GitLab accepts 1,000,000 characters; the rest is for the marker and the link
  const text = commentText(readFileSync(file, "utf8"), 999_000, "the job's log");
  return `${marker}\n\n${text}\n<sub>by [this job](${CI_JOB_URL})</sub>`;
}

const [task, ...rest] = process.argv.slice(2);
await (task === "note" ? note(...rest) : issue(task, ...rest));
