# shellcheck shell=sh
# How orders.sh authenticates at the token endpoint, by OAuth's names of the methods. It sets for each method:
# settings: what it needs; setting and remedy: what a message names if Keycloak refuses the credentials
# shellcheck disable=SC2034,SC2154 # variables that orders.sh reads or sets
case ${AUTH_METHOD:=client_secret} in
  client_secret)
    settings=CLIENT_SECRET setting=CLIENT_SECRET
    remedy="use the latest secret that you received"
    ;;
  private_key_jwt)
    settings="PRIVATE_KEY_FILE KEY_ID" setting=PRIVATE_KEY_FILE
    remedy="check that the API's operator has its public key, and check KEY_ID and KEY_ALGORITHM"
    ;;
  tls_client_auth)
    settings="CERTIFICATE_FILE PRIVATE_KEY_FILE" setting=CERTIFICATE_FILE
    remedy="check that the API's operator knows the certificate, and that it has not expired"
    ;;
  federated_jwt)
    settings=TOKEN_FILE setting=TOKEN_FILE
    remedy="check that the token is fresh, and that the API's operator knows its issuer and subject"
    ;;
  *) fail 2 "AUTH_METHOD has to be client_secret, private_key_jwt, tls_client_auth or federated_jwt" ;;
esac

# prints the credentials as lines of curl's configuration
credentials() {
  case $AUTH_METHOD in
    client_secret) echo "user = \"$(form_encoded "$CLIENT_ID"):$(form_encoded "$CLIENT_SECRET")\"" ;;
    tls_client_auth)
      echo "data = \"client_id=$(form_encoded "$CLIENT_ID")\""
      certificate
      ;;
    *)
      if [ "$AUTH_METHOD" = federated_jwt ]; then assertion=$(cat "$TOKEN_FILE"); else assertion=$(assertion); fi
      case $assertion in
        '' | *. | *[!A-Za-z0-9._-]*) fail 1 "$setting cannot be used; $remedy" ;;
      esac
      echo "data = \"client_id=$(form_encoded "$CLIENT_ID")\""
      echo "data = \"client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer\""
      echo "data = \"client_assertion=$assertion\""
      ;;
  esac
}

# prints the client certificate of a connection as lines of curl's configuration
certificate() {
  [ "$AUTH_METHOD" = tls_client_auth ] || return 0
  echo "cert = \"$(json_text "$CERTIFICATE_FILE")\""
  echo "key = \"$(json_text "$PRIVATE_KEY_FILE")\""
}

# prints an assertion that the private key has signed (RFC 7523, section 2.2)
assertion() {
  now=$(date +%s)
  id=$(json_text "$CLIENT_ID")
  # Keycloak wants its issuer as the audience
  audience=${TOKEN_URL%/protocol/openid-connect/token}
  header="{\"alg\":\"$KEY_ALGORITHM\",\"kid\":\"$(json_text "$KEY_ID")\"}"
  claims="{\"iss\":\"$id\",\"sub\":\"$id\",\"aud\":\"$audience\",\"jti\":\"$(random)\",\"iat\":$now,\"exp\":$((now + 60))}"
  # into a file, because EdDSA signs no pipe
  printf '%s.%s' "$(printf %s "$header" | base64url)" "$(printf %s "$claims" | base64url)" >"$answer"
  printf '%s.%s' "$(cat "$answer")" "$(signature 2>/dev/null | base64url)"
}

signature() {
  case $KEY_ALGORITHM in
    RS256) openssl dgst -sha256 -sign "$PRIVATE_KEY_FILE" "$answer" ;;
    PS256) openssl dgst -sha256 -sign "$PRIVATE_KEY_FILE" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest "$answer" ;;
    ES256)
      # two numbers of 32 bytes each (RFC 7518, section 3.4), which OpenSSL writes as ASN.1
      # shellcheck disable=SC2059 # the bytes are a format
      printf "$(openssl dgst -sha256 -sign "$PRIVATE_KEY_FILE" "$answer" | openssl asn1parse -inform DER |
        sed -n 's/.*INTEGER *://p' | awk '{
          number = sprintf("%64s", $0); gsub(" ", "0", number)
          for (at = 1; at < 64; at += 2)
            printf "\\%03o", 16 * value(substr(number, at, 1)) + value(substr(number, at + 1, 1))
        } function value(digit) { return index("0123456789ABCDEF", digit) - 1 }')"
      ;;
    EdDSA) openssl pkeyutl -sign -rawin -inkey "$PRIVATE_KEY_FILE" -in "$answer" ;;
  esac
}

base64url() {
  openssl base64 -A | tr '+/' '-_' | tr -d '='
}
