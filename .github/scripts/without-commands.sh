# Runs a script as GitHub's own bash does. GitHub takes no line of its output as a command, such as ::error::, because the output
# contains names from customers.yaml, commits and Keycloak. Annotations go into the file $ANNOTATIONS: afterwards, its errors and
# warnings are printed, and no other command. Usage: "shell: bash .github/scripts/without-commands.sh {0}"
token=$(node -p 'crypto.randomUUID()') || exit
ANNOTATIONS=$(mktemp) || exit
export ANNOTATIONS
end() {
  echo "::$token::"
  # GitHub also takes a carriage return as the end of a line
  tr -d '\r' < "$ANNOTATIONS" | grep -E '^::(error|warning)( [^:]*)?::'
  rm -f "$ANNOTATIONS"
}
echo "::stop-commands::$token"
trap end EXIT
# one pipe for both outputs, so that the token comes after all of them
bash --noprofile --norc -eo pipefail "$1" 2>&1
