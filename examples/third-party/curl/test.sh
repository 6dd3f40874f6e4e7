#!/bin/sh
# Tests orders.sh with a stub instead of curl, which records what it is asked for and plays the answers of Keycloak and the API.
set -eu
cd "$(dirname "$0")"
unset NO_PROXY no_proxy HTTPS_PROXY https_proxy ALL_PROXY all_proxy RETRY_SECONDS AUTH_METHOD KEY_ALGORITHM TOKEN_BINDING
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

cat >"$folder/curl" <<'STUB'
#!/bin/sh
printf '%s\n' "$@" "no_proxy=${no_proxy-}" >>"$FOLDER/arguments"
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
      TOKEN_URL=$token_url API_URL=https://api.example.com/ \
      TOKEN='{"access_token":"abc"}' TOKEN_STATUS=200 API=$api API_STATUS=$api_status ./orders.sh "$@" 2>&1
  ) || status=$?
}

expect() { # expect <what> <expected> <actual>
  [ "$2" = "$3" ] && echo "ok: $1" && return
  echo "FAILED: $1: expected '$2', got '$3'"
  failures=$((failures + 1))
}

secret='a=b==' api='{"orders": []}' api_status=200
token_url=https://login.example.com/token
run list
expect "prints the API's answer" "0 $api" "$status $output"
expect "gives the secret to curl form-encoded, on standard input" \
  'user = "%67%6c%6f%62%65%78:%61%3d%62%3d%3d"' "$(head -n 1 "$folder/configuration")"
expect "gives no secret and no token to curl as an argument" "" "$(grep -e 'a=b' -e %61 -e abc "$folder/arguments" || true)"

expect "limits the time of both requests" "15 60 15 60" \
  "$(sed -n '/^--max-time$/{n;p;}; /^--retry-max-time$/{n;p;}' "$folder/arguments" | xargs)"
expect "leaves the proxy for https to curl" "" "$(grep 'no_proxy=.' "$folder/arguments" || true)"
token_url=http://localhost:8080/token
run list
expect "reaches this machine without a proxy" "no_proxy=* no_proxy=" "$(grep no_proxy "$folder/arguments" | xargs)"

keys() {
  sed -n 's/^Idempotency-Key: \([0-9a-f]\{32\}\)$/\1/p' "$folder/arguments"
}
run place pencil 1
first=$(keys)
run place pencil 1
expect "sends a new key with each order" "32 32 different" \
  "${#first} $(keys | tr -d '\n' | wc -c | tr -d ' ') $([ "$first" = "$(keys)" ] || echo different)"

for item in 'box: large' 'a:1' '-x' '@file'; do
  run place "$item" 2
  expect "places '$item'" "0 {\"item\": \"$item\", \"quantity\": 2}" "$status $(grep '^{' "$folder/arguments")"
done
run place 'a"b\c' 2
expect "escapes quotes and backslashes" '{"item": "a\"b\\c", "quantity": 2}' "$(grep '^{' "$folder/arguments")"

api='<p>{Sign in}'
for arguments in list 'place pencil 1'; do
  # shellcheck disable=SC2086 # several arguments
  run $arguments
  expect "refuses a page instead of an answer to '$arguments'" \
    "1 orders: the server at API_URL is not the API; check API_URL" "$status $output"
done

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

export PRIVATE_KEY_FILE="$folder/key.pem" CERTIFICATE_FILE="$folder/certificate.pem" TOKEN_FILE="$folder/token" KEY_ID=one
token_url=https://login.example.com/realms/atlas/protocol/openid-connect/token api='{"orders": []}' api_status=200 secret=

# sent <name>: prints a parameter that curl sends to the token endpoint
sent() {
  sed -n 's/^data = "'"$1"'=\(.*\)"$/\1/p' "$folder/configuration"
}

# decoded <part of a JWT>: prints its bytes
decoded() {
  text=$(printf %s "$1" | tr -- '-_' '+/')
  while [ "$((${#text} % 4))" != 0 ]; do text=$text=; done
  printf %s "$text" | openssl base64 -d -A
}

for algorithm in RS256 PS256 EdDSA ES256; do
  case $algorithm in
    EdDSA) openssl genpkey -quiet -algorithm ed25519 -out "$PRIVATE_KEY_FILE" ;;
    ES256) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$PRIVATE_KEY_FILE" ;;
    *) openssl genpkey -quiet -algorithm RSA -out "$PRIVATE_KEY_FILE" ;;
  esac
  AUTH_METHOD=private_key_jwt KEY_ALGORITHM=$algorithm run list
  assertion=$(sent client_assertion)
  expect "sends an assertion for $algorithm" "0 {\"alg\":\"$algorithm\",\"kid\":\"one\"}" "$status $(decoded "${assertion%%.*}")"
  openssl pkey -in "$PRIVATE_KEY_FILE" -pubout -out "$folder/public.pem"
  printf %s "${assertion%.*}" >"$folder/content"
  decoded "${assertion##*.}" >"$folder/signature"
  case $algorithm in
    EdDSA) set -- pkeyutl -verify -rawin -in "$folder/content" -sigfile "$folder/signature" -pubin -inkey "$folder/public.pem" ;;
    PS256) set -- dgst -sha256 -sigopt rsa_padding_mode:pss -verify "$folder/public.pem" -signature "$folder/signature" "$folder/content" ;;
    RS256) set -- dgst -sha256 -verify "$folder/public.pem" -signature "$folder/signature" "$folder/content" ;;
    ES256) set -- version ;; # OpenSSL cannot verify the two numbers
  esac
  expect "signs it with $algorithm" ok "$(openssl "$@" >/dev/null 2>&1 && echo ok)"
done
expect "signs with two numbers of 32 bytes for ES256" 64 "$(wc -c <"$folder/signature" | tr -d ' ')"
claims=$(decoded "$(echo "$assertion" | cut -d . -f 2)")
expect "names itself and Keycloak's issuer in the assertion" \
  '{"iss":"globex","sub":"globex","aud":"https://login.example.com/realms/atlas","jti":"' "${claims%%"${claims#*jti\":\"}"}"
AUTH_METHOD=private_key_jwt run list
expect "sends another assertion with the next request" different "$([ "$assertion" = "$(sent client_assertion)" ] || echo different)"
echo 'a secret' >"$PRIVATE_KEY_FILE"
AUTH_METHOD=private_key_jwt run list
expect "refuses a file without a key" "1 orders: PRIVATE_KEY_FILE cannot be used" "$status ${output%%;*}"
AUTH_METHOD=private_key_jwt KEY_ALGORITHM=HS256 run list
expect "refuses an unknown algorithm" 2 "$status"

AUTH_METHOD=tls_client_auth run list
expect "refuses a certificate file that is missing" "2 orders: CERTIFICATE_FILE cannot be read" "$status $output"
: >"$CERTIFICATE_FILE"
AUTH_METHOD=tls_client_auth run list
expect "sends the certificate with both requests" "cert = \"$CERTIFICATE_FILE\" cert = \"$CERTIFICATE_FILE\"" \
  "$(grep '^cert' "$folder/configuration" | tr '\n' ' ' | sed 's/ $//')"

echo a.b-c.d_e >"$TOKEN_FILE"
AUTH_METHOD=federated_jwt run list
expect "sends the token of another issuer" "0 a.b-c.d_e" "$status $(sent client_assertion)"
echo 'a"' >"$TOKEN_FILE"
AUTH_METHOD=federated_jwt run list
expect "refuses a file without a token" "1 orders: TOKEN_FILE cannot be used" "$status ${output%%;*}"

AUTH_METHOD=other run list
expect "refuses an unknown method" 2 "$status"
secret=abc
TOKEN_BINDING=dpop run list
expect "refuses to bind tokens to a key" 2 "$status"
exit "$((failures > 0))"
