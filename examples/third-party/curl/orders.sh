#!/bin/sh
# Gets an access token (RFC 6749, section 4.4), and lists or places orders with it. Needs curl 7.76 or later.
#
# All users of a machine can read command lines. So curl reads the secret and the token from standard input, as configuration.
set -eu
export LC_ALL=C
folder=$(dirname "$0")

fail() { # fail <exit status> <message>
  printf 'orders: %s\n' "$2" | printable >&2
  exit "$1"
}

# removes what a terminal would obey: control characters, and Unicode's marks that reorder text
printable() {
  tr -d '\000-\011\013-\037\177' |
    sed "$(printf 's/\302[\200-\237]//g; s/\342\200[\213-\217\252-\256]//g; s/\342\201[\240-\257]//g')"
}

# form-encodes every byte: RFC 6749, section 2.3.1, requires it for id and secret, and curl does not do it
form_encoded() {
  od -An -v -tx1 <<TEXT | tr -d ' \n' | sed 's/0a$//; s/../%&/g'
$1
TEXT
}

# escapes a text for JSON
json_text() {
  printf '%s\n' "$1" | sed 's/[\\"]/\\&/g'
}

random() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# send <server> <what to do if it fails> <URL> <lines of curl's configuration> <curl's arguments…>: sets status, and fills the file $answer
send() {
  server=$1 hint=$2 url=$3 hidden=$4
  shift 4
  : >"$answer"
  status=$(
    # http: URLs are always on this machine, which no proxy can reach
    case $url in http:*) export no_proxy='*' ;; esac
    curl -q --silent --globoff --config - --proto =http,https \
      --max-time 15 --retry "$retries" --retry-max-time "$RETRY_SECONDS" --retry-all-errors \
      --output "$answer" --write-out '%{http_code} %{errormsg}' "$@" "$url" <<CONFIG
$hidden
CONFIG
  ) || fail 3 "$server cannot be reached ($(echo "${status#* }" | cut -d \' -f 1)); $hint" # without an odd proxy, which curl quotes
  status=${status%% *}
  case $status in 408 | 429 | 5??) fail 3 "$server answers with HTTP $status; $hint" ;; esac
}

# member <name> <pattern>: prints a text of the answer's JSON object if it matches the pattern
member() {
  sed -n 's/.*"'"$1"'" *: *"\('"$2"'\)".*/\1/p' "$answer"
}

is_url() {
  printf '%s\n' "$1" | grep -Eq '^(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1|\[::1\]))(:([0-5]?[0-9]{1,4}|6[0-5][0-9]{3}))?(/[A-Za-z0-9._~%/:-]*)?$'
}

# shellcheck source=authentication.sh
. "$folder/authentication.sh"

usage="usage: orders.sh list | orders.sh place <item> <quantity>"
advice="try again later"
case $#:${1-} in
  1:list) set -- ;;
  3:place)
    case $2 in '' | *[[:cntrl:]]*) fail 2 "$usage" ;; esac
    case $3 in '' | *[!0-9]* | 0?* | ??????????*) fail 2 "$usage" ;; esac
    item=$(json_text "$2")
    # the API places one order for a key, however often curl sends it
    key=$(random)
    set -- --data-binary "{\"item\": \"$item\", \"quantity\": $3}" --header 'Content-Type: application/json' --header "Idempotency-Key: $key"
    advice="list your orders before you place this one again"
    ;;
  *) fail 2 "$usage" ;;
esac

value=
for name in TOKEN_URL CLIENT_ID $settings API_URL; do
  eval "value=\${$name-}"
  case $value in
    '') fail 2 "$name is not set" ;;
    *[[:cntrl:]]*) fail 2 "$name contains a line break or another control character" ;;
  esac
  case $name in *_FILE) [ -r "$value" ] || fail 2 "$name cannot be read" ;; esac
done
case ${KEY_ALGORITHM:=ES256} in
  RS256 | PS256 | ES256 | EdDSA) ;;
  *) fail 2 "KEY_ALGORITHM has to be RS256, PS256, ES256 or EdDSA" ;;
esac
[ -z "${TOKEN_BINDING-}" ] || fail 2 "this script makes no proofs for TOKEN_BINDING; take the Python or the Node client"
for url in "$TOKEN_URL" "$API_URL"; do
  is_url "$url" || fail 2 "TOKEN_URL and API_URL have to be URLs that begin with https:// (or http://localhost)"
done
RETRY_SECONDS=${RETRY_SECONDS:-60} retries=9
case $RETRY_SECONDS in
  *[!0-9]* | 0?* | ??????*) fail 2 "RETRY_SECONDS has to be a number of seconds, from 0 to 99999" ;;
  0) retries=0 ;;
esac

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

credentials=$(credentials)
send Keycloak "try again later" "$TOKEN_URL" "$credentials" --data grant_type=client_credentials
token=$(member access_token '[A-Za-z0-9._~+/-]*=*')
error=$(member error '[A-Za-z0-9_-]*')
case $status:$error in
  200:) [ -n "$token" ] || fail 1 "the server at TOKEN_URL issues no token; check TOKEN_URL" ;;
  *:invalid_client)
    [ "$setting" = CLIENT_SECRET ] ||
      fail 1 "Keycloak refuses $setting for \"$CLIENT_ID\" ($error): $remedy; if all of that is right, the customer does not exist or is suspended"
    fail 1 "Keycloak refuses CLIENT_ID \"$CLIENT_ID\" (invalid_client): the customer does not exist or is suspended; ask the operator of the API"
    ;;
  *:invalid_dpop_proof | *:invalid_request)
    fail 1 "Keycloak refuses the request ($error): if your tokens are bound to a key, take the Python or the Node client"
    ;;
  *:unauthorized_client) fail 1 "Keycloak refuses $setting for \"$CLIENT_ID\" (unauthorized_client): $remedy" ;;
  *) fail 1 "Keycloak issues no token (HTTP $status${error:+, $error}); check TOKEN_URL" ;;
esac

send "the API" "$advice" "${API_URL%/}/orders" "header = \"Authorization: Bearer $token\"
$(certificate)" "$@"
detail=$(sed -n '/^ *{/s/^/: /p' "$answer" | cut -c 1-500)
case $status:$(tr -d '\000[:space:]' <"$answer") in
  2??:'{'*'}') printable <"$answer" ;;
  2??:*) fail 1 "the server at API_URL is not the API; check API_URL" ;;
  401:*) fail 1 "the API refuses a new token$detail; check that TOKEN_URL and API_URL belong together" ;;
  403:*) fail 1 "the API does not permit this$detail; ask the operator of the API" ;;
  *) fail 1 "the API answers with HTTP $status$detail" ;;
esac
