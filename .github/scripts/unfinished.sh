#!/usr/bin/env bash
# Prints the id of a run of the workflow deploy that has begun to deploy after the last successful one, and has not succeeded. Its commit may
# be deployed in part. It needs GH_TOKEN and GH_REPO.
set -euo pipefail
runs=$(gh run list --workflow=deploy.yml --branch=main --status=completed --limit=100 \
  --json=databaseId,conclusion --jq='.[] | "\(.databaseId) \(.conclusion)"')
while read -r id conclusion; do
  if [[ ! $id || $conclusion == success ]]; then exit; fi
  # a job that nobody approved, or that was skipped, has no steps. Only the last attempt is read, so any earlier one counts.
  begun=$(gh run view "$id" --json=attempt,jobs \
    --jq='select(.attempt > 1 or any(.jobs[]; .name == "deploy" and (.steps | length > 0))) | "begun"')
  if [[ $begun ]]; then
    echo "$id"
    exit
  fi
done <<< "$runs"
