import type { Credentials } from "../../keycloak/customers/credentials.ts";
import { assertionType, heredoc, isSigned } from "./parameters.ts";

/** A token request with Python. */
export function pythonCommand(credentials: Credentials): string {
  const { tokenUrl, auth } = credentials;
  const context = auth.method === "tls_client_auth" ? ", context=context" : "";
  const program = [
    ...imports(credentials),
    `token_url = ${text(tokenUrl)}`,
    ...form(credentials),
    ...proof(credentials),
    "body = urllib.parse.urlencode(form).encode()",
    "request = urllib.request.Request(token_url, body, headers)",
    "try:",
    `    answer = urllib.request.urlopen(request${context})`,
    "except urllib.error.HTTPError as error:",
    "    answer = error",
    "print(answer.read().decode())",
  ];
  return heredoc("python3", program.join("\n"));
}

/** A text of Python: that of JSON, which Python reads in the same way. */
const text = (value: string) => JSON.stringify(value);

function imports(credentials: Credentials): string[] {
  const { auth, tokenBinding } = credentials;
  const modules = [
    ...(auth.method === "client_secret" ? ["base64"] : []),
    ...(tokenBinding === "dpop" ? ["json"] : []),
    "os",
    ...(auth.method === "tls_client_auth" ? ["ssl"] : []),
    ...(isSigned(credentials) ? ["time"] : []),
    ...["urllib.error", "urllib.parse", "urllib.request"],
    ...(isSigned(credentials) ? ["uuid"] : []),
  ];
  return [
    `import ${modules.join(", ")}`,
    ...(isSigned(credentials) ? ["import jwt"] : []),
    ...(tokenBinding === "dpop"
      ? ["from cryptography.hazmat.primitives.serialization import load_pem_private_key"]
      : []),
  ];
}

function form({ clientId, issuer, auth }: Credentials): string[] {
  const id = text(clientId);
  const begin = ['form = {"grant_type": "client_credentials"}', "headers = {}"];
  const assertion = (value: string) => [
    `form["client_assertion_type"] = ${text(assertionType)}`,
    `form["client_assertion"] = ${value}`,
  ];
  switch (auth.method) {
    case "client_secret":
      return [
        ...begin,
        `pair = ":".join(urllib.parse.quote_plus(part) for part in (${id}, os.environ["CLIENT_SECRET"]))`,
        'headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()',
      ];
    case "private_key_jwt":
      return [
        ...begin,
        'key = open(os.environ["PRIVATE_KEY_FILE"], "rb").read()',
        `claims = {"iss": ${id}, "sub": ${id}, "aud": ${text(issuer)}, "jti": str(uuid.uuid4())}`,
        'claims |= {"iat": int(time.time()), "exp": int(time.time()) + 60}',
        'header = {"kid": os.environ["KEY_ID"]}',
        ...assertion('jwt.encode(claims, key, os.environ["KEY_ALGORITHM"], header)'),
      ];
    case "tls_client_auth":
      return [
        ...begin,
        `form["client_id"] = ${id}`,
        "context = ssl.create_default_context()",
        'context.load_cert_chain(os.environ["CERTIFICATE_FILE"], os.environ["PRIVATE_KEY_FILE"])',
      ];
    case "federated_jwt":
      return [...begin, ...assertion('os.environ["ID_TOKEN"]')];
  }
}

/** Lines that prove the possession of the key that the token is bound to. */
function proof({ tokenBinding }: Credentials): string[] {
  if (tokenBinding !== "dpop") return [];
  return [
    'dpop_key = load_pem_private_key(open(os.environ["DPOP_KEY_FILE"], "rb").read(), None)',
    "jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(dpop_key.public_key()))",
    'claims = {"htm": "POST", "htu": token_url, "jti": str(uuid.uuid4()), "iat": int(time.time())}',
    'headers["DPoP"] = jwt.encode(claims, dpop_key, "ES256", {"typ": "dpop+jwt", "jwk": jwk})',
  ];
}
