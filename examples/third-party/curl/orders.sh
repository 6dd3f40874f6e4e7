#!/bin/sh
# Lists and places orders with an access token of its own (RFC 6749, section 4.4). Needs nothing but curl.
#
# Everybody on a machine can read command lines. So secret and token go to curl on standard input, as lines of its configuration.
set -eu
umask 077
LC_ALL=C
export LC_ALL

ATTEMPTS=10 # at most, of each request
LONGEST_PAUSE=30

fail() { # fail <exit status> <words>
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
      *[[:cntrl:]]*) problem "$name holds a line break or another control character" ;;
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

# a folder that nobody else can read: what is in memory (XDG_RUNTIME_DIR) goes before what is on disk
make_folders() {
  folder=${XDG_RUNTIME_DIR:-${XDG_CACHE_HOME:-${HOME-}/.cache}}/orders-client
  { mkdir -p "$folder" && chmod 700 "$folder" && scratch=$(mktemp -d "$folder/run.XXXXXX"); } 2>/dev/null ||
    fail 2 "$folder cannot be written to; set XDG_RUNTIME_DIR to a folder of your own"
  cache=$folder/$(cksum <<WHOSE | tr ' ' -
$TOKEN_URL $CLIENT_ID
WHOSE
)
  locked=
  trap 'rm -rf "$scratch"; [ -z "$locked" ] || rm -f "$cache.lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# RFC 6749, section 2.3.1, wants id and secret form-encoded, which curl does not do: here every byte is
form_encoded() {
  od -An -v -tx1 <<TEXT | tr -d ' \n' | sed 's/0a$//; s/../%&/g'
$1
TEXT
}

# send <line of curl's configuration> <curl's arguments…>: sets code (curl's exit status) and status (HTTP's, 000 for none) as
# outcome "code:status", and body
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

# reads one member of a flat JSON object: value <name> <pattern of its value>
value() {
  sed -n 's/.*"'"$1"'" *: *"\{0,1\}\('"$2"'\).*/\1/p' <<JSON
$body
JSON
}

curl_error() {
  sed -n 's/^curl: ([0-9]*) //p' "$scratch/errors" | tail -n 1
}

# the number of seconds; an HTTP date, which the header may also hold, is left to the pauses of our own
retry_after() {
  tr -d '\r' <"$scratch/headers" | grep -iE '^retry-after: *[0-9]+$' | tail -n 1 | tr -dc 0-9 | cut -c 1-6
}

begin() {
  attempt=1
  longest=2
  deadline=$(($(date +%s) + RETRY_SECONDS))
}

# later <reason> [<seconds>]: waits before the next attempt, or ends; random, so that not everybody is back at once
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
  [ -n "$token" ] || fail 1 "what answers at TOKEN_URL gives no token; check TOKEN_URL"
  lifetime=$(value expires_in '[0-9]\{1,9\}')
  # until a tenth of its life is left
  cat >"$scratch/token" <<TOKEN
$TOKEN_URL $CLIENT_ID
$(($(date +%s) + ${lifetime:-0} * 9 / 10))
$token
TOKEN
  mv "$scratch/token" "$cache"
}

refuse_client() {
  case $1 in
    invalid_client) fail 1 "Keycloak refuses CLIENT_ID \"$CLIENT_ID\" (invalid_client): there is no such customer, or it is suspended; ask whoever runs the API" ;;
    unauthorized_client) fail 1 "Keycloak refuses CLIENT_SECRET for \"$CLIENT_ID\" (unauthorized_client): use the secret that you were given last" ;;
    *) fail 1 "Keycloak gives no token (HTTP ${outcome#*:}${1:+, $1}); check TOKEN_URL" ;;
  esac
}

# whether the cache holds a token that is still good, and is not the one that the API has just refused
cached() {
  [ -r "$cache" ] || return 1
  { read -r whose && read -r until && read -r token; } <"$cache" || return 1
  [ "$whose" = "$TOKEN_URL $CLIENT_ID" ] && [ "$(date +%s)" -lt "$until" ] && [ "$token" != "$refused" ]
}

# one of several that run at once asks for a token, the others wait for it
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
      *:0:403) fail 1 "the API does not permit this$(detail); ask whoever runs the API" ;;
      *:0:429) later "the API answers with HTTP 429" "$(retry_after)" ;;
      GET:0:50[234]) later "the API answers with HTTP ${outcome#*:}" "$(retry_after)" ;;
      POST:0:50[234]) fail 3 "the API answers with HTTP ${outcome#*:}, and may have placed the order all the same; look before you repeat it" ;;
      *:0:*) fail 1 "the API answers with HTTP ${outcome#*:}$(detail)" ;;
      *:35:* | *:60:*) fail 3 "no safe connection to API_URL: $(curl_error)" ;;
      *:[567]:* | GET:*) later "the API cannot be reached ($(curl_error))" ;;
      *) fail 3 "the connection is lost ($(curl_error)), and the order may have been placed all the same; look before you repeat it" ;;
    esac
  done
}

# what the API says is wrong, if it does (RFC 9457)
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
