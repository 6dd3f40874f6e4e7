# Runs a script as GitHub's own bash does. GitHub takes no line of its output as a command, such as ::error::, because the output
# contains names from customers.yaml, commits and Keycloak. Usage: "shell: bash .github/scripts/without-commands.sh {0}"
token=$(node -p 'crypto.randomUUID()') || exit
echo "::stop-commands::$token"
trap 'echo "::$token::"' EXIT
bash --noprofile --norc -eo pipefail "$1"
