#!/bin/sh
# Tests orders.sh with a stub instead of curl, which records what it is asked for and plays the answers of Keycloak and the API.
set -eu
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

cat >"$folder/curl" <<'STUB'
#!/bin/sh
printf '%s\n' "$@" >>"$FOLDER/arguments"
cat >>"$FOLDER/configuration"
case $* in
  *grant_type*) answer=$TOKEN status=$TOKEN_STATUS ;;
  *) answer=$API status=$API_STATUS ;;
esac
while [ "$1" != --output ]; do shift; done
printf '%s' "$answer" >"$2"
printf '%s ' "$status"
STUB
chmod +x "$folder/curl"

# run <arguments…>: sets status and output
run() {
  rm -f "$folder/arguments" "$folder/configuration"
  status=0
  output=$(
    PATH=$folder:$PATH FOLDER=$folder CLIENT_ID=globex CLIENT_SECRET=$secret \
      TOKEN_URL=https://login.example.com/token API_URL=https://api.example.com/ \
      TOKEN='{"access_token":"abc"}' TOKEN_STATUS=200 API=$api API_STATUS=$api_status ./orders.sh "$@" 2>&1
  ) || status=$?
}

expect() { # expect <what> <expected> <actual>
  [ "$2" = "$3" ] && echo "ok: $1" && return
  echo "FAILED: $1: expected '$2', got '$3'"
  failures=$((failures + 1))
}

secret='a=b==' api='{"orders": []}' api_status=200
run list
expect "prints the API's answer" "0 $api" "$status $output"
expect "gives the secret to curl form-encoded, on standard input" \
  'user = "%67%6c%6f%62%65%78:%61%3d%62%3d%3d"' "$(head -n 1 "$folder/configuration")"
expect "gives no secret and no token to curl as an argument" "" "$(grep -e 'a=b' -e %61 -e abc "$folder/arguments" || true)"

for item in 'box: large' 'a:1' '-x' '@file'; do
  run place "$item" 2
  expect "places '$item'" "0 {\"item\": \"$item\", \"quantity\": 2}" "$status $(grep '^{' "$folder/arguments")"
done
run place 'a"b\c' 2
expect "escapes quotes and backslashes" '{"item": "a\"b\\c", "quantity": 2}' "$(grep '^{' "$folder/arguments")"

api_status=503
run place pencil 2
expect "advises to look before an order is placed again" \
  "3 orders: the API answers with HTTP 503; list your orders before you place this one again" "$status $output"

api_status=422 api=$(printf '{"detail": "\033[31m\302\233\342\200\256red"}')
run list
expect "prints no control characters" '1 orders: the API answers with HTTP 422: {"detail": "[31mred"}' "$status $output"

for arguments in '' 'place' 'place pencil' 'place pencil -1' 'place pencil 01' 'list more'; do
  # shellcheck disable=SC2086 # several arguments
  run $arguments
  expect "refuses '$arguments'" 2 "$status"
done

secret=
run list
expect "refuses an empty secret" 2 "$status"
secret=$(printf 'a\nb')
run list
expect "refuses a secret with a line break" 2 "$status"
exit "$((failures > 0))"
