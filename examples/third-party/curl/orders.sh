#!/bin/sh
# Gets an access token (RFC 6749, section 4.4), and lists or places orders with it. Needs only curl.
#
# All users of a machine can read command lines. So curl reads the secret and the token from standard input, as configuration.
set -eu
umask 077
LC_ALL=C
export LC_ALL

ATTEMPTS=10 # the most for one request
LONGEST_PAUSE=30 # seconds between two attempts, unless Retry-After asks for more

fail() { # fail <exit status> <message>
  printf 'orders: %s\n' "$2" >&2
  exit "$1"
}

usage() {
  fail 2 "usage: orders.sh list [<before>] | orders.sh place <item> <quantity>"
}

read_settings() {
  problems=''
  value=''
  for name in TOKEN_URL CLIENT_ID CLIENT_SECRET API_URL; do
    eval "value=\${$name-}"
    case $name=$value in
      *=) problem "$name is not set" ;;
      *[[:cntrl:]]*) problem "$name contains a line break or another control character" ;;
      *_URL=*) is_url "$value" || problem "$name has to be a URL that begins with https:// (or http://localhost)" ;;
    esac
  done
  RETRY_SECONDS=${RETRY_SECONDS:-60}
  case $RETRY_SECONDS in
    *[!0-9]* | 0?* | ??????*) problem "RETRY_SECONDS has to be a number of seconds, from 0 to 99999" ;;
  esac
  [ -z "$problems" ] || fail 2 "$problems"
  API_URL=${API_URL%/}
}

problem() {
  problems="$problems${problems:+; }$1"
}

is_url() {
  grep -Eq '^(https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])|http://(localhost|127\.0\.0\.1|\[::1\]))(:[0-9]{1,5})?(/[A-Za-z0-9._~%/:-]*)?$' <<URL
$1
URL
}

# creates folders that only this user can read, in memory (XDG_RUNTIME_DIR) if possible, otherwise on disk
make_folders() {
  folder=${XDG_RUNTIME_DIR:-${XDG_CACHE_HOME:-${HOME-}/.cache}}/orders-client
  { mkdir -p "$folder" && chmod 700 "$folder" && scratch=$(mktemp -d "$folder/run.XXXXXX"); } 2>/dev/null ||
    fail 2 "$folder cannot be written to; set XDG_RUNTIME_DIR to a folder of your own"
  cache=$folder/$(cksum <<OWNER | tr ' ' -
$TOKEN_URL $CLIENT_ID
OWNER
)
  locked=
  trap 'rm -rf "$scratch"; [ -z "$locked" ] || rm -f "$cache.lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# form-encodes every byte: RFC 6749, section 2.3.1, requires it for id and secret, and curl does not do it
form_encoded() {
  od -An -v -tx1 <<TEXT | tr -d ' \n' | sed 's/0a$//; s/../%&/g'
$1
TEXT
}

# send <line of curl's configuration> <curl's arguments…>: sets body, and outcome to "<curl's exit status>:<HTTP status>", with
# the HTTP status 000 if there was no response
send() {
  hidden=$1
  shift
  code=0
  body=$(
    curl -q --silent --show-error --globoff --config - --connect-timeout 5 --max-time 15 \
      --dump-header "$scratch/headers" --write-out '\n%{http_code}' "$@" 2>"$scratch/errors" <<CONFIG
$hidden
CONFIG
  ) || code=$?
  outcome=$code:${body##*
}
  body=${body%
*}
}

# value <name> <pattern>: prints a member of a flat JSON object if its value matches the pattern
value() {
  sed -n 's/.*"'"$1"'" *: *"\{0,1\}\('"$2"'\).*/\1/p' <<JSON
$body
JSON
}

curl_error() {
  sed -n 's/^curl: ([0-9]*) //p' "$scratch/errors" | tail -n 1
}

# prints the seconds from Retry-After; ignores an HTTP date, so that the usual pauses apply
retry_after() {
  tr -d '\r' <"$scratch/headers" | grep -iE '^retry-after: *[0-9]+$' | tail -n 1 | tr -dc 0-9 | cut -c 1-6
}

begin() {
  attempt=1
  longest=2
  deadline=$(($(date +%s) + RETRY_SECONDS))
}

# later <reason> [<seconds>]: waits before the next attempt, or fails; random, so that clients do not retry in step
later() {
  pause=${2:-$((longest / 2 + $(od -An -N1 -tu1 /dev/urandom) % (longest / 2 + 1)))}
  if [ "$attempt" -ge "$ATTEMPTS" ] || [ $(($(date +%s) + pause)) -gt "$deadline" ]; then
    fail 3 "$1${2:+, and asks to wait $2 s}; gave up at attempt $attempt, try again later"
  fi
  sleep "$pause"
  attempt=$((attempt + 1))
  longest=$((longest * 2 < LONGEST_PAUSE ? longest * 2 : LONGEST_PAUSE))
}

request_token() {
  credentials="user = \"$(form_encoded "$CLIENT_ID"):$(form_encoded "$CLIENT_SECRET")\""
  begin
  while :; do
    send "$credentials" --data grant_type=client_credentials "$TOKEN_URL"
    case $outcome in
      0:200) break ;;
      0:429 | 0:50[234]) later "Keycloak answers with HTTP ${outcome#*:}" "$(retry_after)" ;;
      0:*) refuse_client "$(value error '[a-z_]*')" ;;
      35:* | 60:*) fail 3 "no safe connection to TOKEN_URL: $(curl_error)" ;;
      *) later "Keycloak cannot be reached ($(curl_error))" ;;
    esac
  done
  token=$(value access_token '[A-Za-z0-9._~+/-]*=*')
  [ -n "$token" ] || fail 1 "the server at TOKEN_URL issues no token; check TOKEN_URL"
  lifetime=$(value expires_in '[0-9]\{1,9\}')
  # kept until a tenth of its lifetime is left
  cat >"$scratch/token" <<TOKEN
$TOKEN_URL $CLIENT_ID
$(($(date +%s) + ${lifetime:-0} * 9 / 10))
$token
TOKEN
  mv "$scratch/token" "$cache"
}

refuse_client() {
  case $1 in
    invalid_client) fail 1 "Keycloak refuses CLIENT_ID \"$CLIENT_ID\" (invalid_client): the customer does not exist or is suspended; ask the operator of the API" ;;
    unauthorized_client) fail 1 "Keycloak refuses CLIENT_SECRET for \"$CLIENT_ID\" (unauthorized_client): use the latest secret that you received" ;;
    *) fail 1 "Keycloak issues no token (HTTP ${outcome#*:}${1:+, $1}); check TOKEN_URL" ;;
  esac
}

# checks whether the cache contains a valid token that the API has not just refused
cached() {
  [ -r "$cache" ] || return 1
  { read -r owner && read -r until && read -r token; } <"$cache" || return 1
  [ "$owner" = "$TOKEN_URL $CLIENT_ID" ] && [ "$(date +%s)" -lt "$until" ] && [ "$token" != "$refused" ]
}

# if several processes run in parallel, one requests a token and the others wait for it
find_token() {
  begin
  until cached; do
    if ln -s "pid-$$" "$cache.lock" 2>/dev/null; then
      locked=yes
      cached || request_token
      rm -f "$cache.lock"
      locked=
      return
    fi
    holder=$(readlink "$cache.lock") || continue
    if ! kill -0 "${holder#pid-}" 2>/dev/null || [ "$(date +%s)" -gt "$deadline" ]; then rm -f "$cache.lock"; fi
    sleep 1
  done
}

call() { # call GET|POST <path> <curl's arguments…>
  method=$1
  path=$2
  shift 2
  refused=
  find_token
  begin
  while :; do
    send "header = \"Authorization: Bearer $token\"" --request "$method" "$@" "$API_URL$path"
    case $method:$outcome in
      *:0:2??) return ;;
      *:0:401)
        [ -z "$refused" ] || fail 1 "the API refuses new tokens too$(detail); check that TOKEN_URL and API_URL belong together"
        refused=$token
        find_token
        begin
        ;;
      *:0:403) fail 1 "the API does not permit this$(detail); ask the operator of the API" ;;
      *:0:429) later "the API answers with HTTP 429" "$(retry_after)" ;;
      GET:0:50[234]) later "the API answers with HTTP ${outcome#*:}" "$(retry_after)" ;;
      POST:0:50[234]) fail 3 "the API answers with HTTP ${outcome#*:}, but may have placed the order; check before you repeat it" ;;
      *:0:*) fail 1 "the API answers with HTTP ${outcome#*:}$(detail)" ;;
      *:35:* | *:60:*) fail 3 "no safe connection to API_URL: $(curl_error)" ;;
      *:[567]:* | GET:*) later "the API cannot be reached ($(curl_error))" ;;
      *) fail 3 "the connection is lost ($(curl_error)), but the API may have placed the order; check before you repeat it" ;;
    esac
  done
}

# prints the API's problem details, if there are any (RFC 9457)
detail() {
  ! grep -qi '^content-type: *application/problem+json' "$scratch/headers" || printf ': %s' "$body" | tr -d '[:cntrl:]' | cut -c 1-500
}

escaped() {
  sed 's/[\\"]/\\&/g' <<TEXT
$1
TEXT
}

case $#:${1-} in
  1:list) set -- GET /orders ;;
  2:list) case $2 in *[!0-9a-f-]* | '') usage ;; *) set -- GET "/orders?before=$2" ;; esac ;;
  3:place)
    case $2:$3 in *[[:cntrl:]]* | :* | *: | *:*[!0-9]* | *:0?*) usage ;; esac
    set -- POST /orders --header 'Content-Type: application/json' --data-binary "{\"item\": \"$(escaped "$2")\", \"quantity\": $3}"
    ;;
  *) usage ;;
esac
read_settings
make_folders
call "$@"
printf '%s\n' "$body"
