#!/usr/bin/env bash
# issue.sh <label> <0 | 1> <file> <title> <text>  opens or updates the issue with this label if 1, and otherwise closes it with a text
set -euo pipefail
label=$1 found=$2 file=$3 title=$4 closing=$5
issues="repos/$GITHUB_REPOSITORY/issues"
marker="<!-- $label of $REALM_ENV -->"
issue=$(gh api --paginate "$issues?labels=$label&state=open&per_page=100" --jq ".[] | select(.user.login ==
  \"github-actions[bot]\" and ((.body // \"\") | startswith(\"$marker\"))) | .number" | sed -n 1p)

if [[ $found == 1 ]]; then
  node .github/scripts/comment-text.mjs "$file" 65000 "the run's summary" > text.md
  jq -n --rawfile text text.md --arg marker "$marker" --arg title "$title" --arg name "$label" '{
    title: $title, labels: [$name],
    body: "\($marker)\n\($text)\n<sub>last seen by [this run](\(env.RUN_URL))</sub>"}' > body.json
  if [[ $issue ]]; then
    gh api --silent --method PATCH "$issues/$issue" --input body.json
  else
    gh api --silent --method POST "$issues" --input body.json
  fi
elif [[ $issue ]]; then
  gh api --silent --method POST "$issues/$issue/comments" -f body="$closing: $RUN_URL"
  gh api --silent --method PATCH "$issues/$issue" -f state=closed -f state_reason=completed
fi
