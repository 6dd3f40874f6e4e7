// node .gitlab/deployed.mjs <environment>             prints the last commit deployed to the environment, or nothing
// node .gitlab/deployed.mjs <environment> unfinished  prints a commit whose deployment has begun since and has failed, or nothing
/* global AbortSignal, fetch, URLSearchParams */
import process from "node:process";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_JOB_TOKEN } = process.env;
const [environment, unfinished] = process.argv.slice(2);

async function deployments(options) {
  const query = new URLSearchParams({ environment, sort: "desc", ...options });
  const url = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/deployments?${query}`;
  const response = await fetch(url, {
    headers: { "JOB-TOKEN": CI_JOB_TOKEN },
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`GET deployments: ${response.status}`);
  return response.json();
}

async function lastDeployed() {
  const [last] = await deployments({ status: "success", order_by: "finished_at", per_page: "1" });
  return last;
}

/** Its commit may be deployed in part. A job that nobody has run has not begun. */
async function lastUnfinished() {
  const all = await deployments({ order_by: "updated_at", per_page: "100" });
  const last = all.findIndex(({ status }) => status === "success");
  return all
    .slice(0, last < 0 ? all.length : last)
    .find(
      ({ status, deployable }) =>
        ["failed", "canceled"].includes(status) && deployable?.started_at != null,
    );
}

const found = await (unfinished ? lastUnfinished() : lastDeployed());
process.stdout.write(found?.sha ?? "");
