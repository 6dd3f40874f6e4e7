#!/usr/bin/env bash
# Prints the commit of main that the workflow deploy has deployed last, or nothing. It needs GH_TOKEN and GH_REPO.
set -euo pipefail
gh run list --workflow=deploy.yml --branch=main --status=success --limit=1 --json=headSha --jq='.[].headSha'
