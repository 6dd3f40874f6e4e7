#!/usr/bin/env bash
# Fails if anything but the branch main may use the environments with secrets. It needs GH_TOKEN.
set -euo pipefail
for environment in production-plan production; do
  branches=$(gh api "repos/$GITHUB_REPOSITORY/environments/$environment/deployment-branch-policies" \
    --jq '[.branch_policies[] | "\(.type // "branch") \(.name)"] | join(", ")')
  [[ $branches == "branch main" ]] ||
    { echo "the environment $environment must allow only the branch main (docs/pipelines.md)"; exit 1; }
done
