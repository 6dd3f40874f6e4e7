// node .gitlab/deployed.mjs <environment>  prints the last commit deployed to the environment, or nothing
/* global AbortSignal, fetch, URLSearchParams */
import process from "node:process";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_JOB_TOKEN } = process.env;
const query = new URLSearchParams({
  environment: process.argv[2],
  status: "success",
  order_by: "finished_at",
  sort: "desc",
  per_page: "1",
});
const response = await fetch(`${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/deployments?${query}`, {
  headers: { "JOB-TOKEN": CI_JOB_TOKEN },
  signal: AbortSignal.timeout(30_000),
});
if (!response.ok) throw new Error(`GET deployments: ${response.status}`);
const [last] = await response.json();
process.stdout.write(last?.sha ?? "");
