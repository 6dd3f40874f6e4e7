"""How a client authenticates at the token endpoint, by OAuth's names of the methods."""

import ssl
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_plus

import httpx2
import jwt

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Credentials(NamedTuple):
    """What one request for a token sends."""

    form: Mapping[str, str]
    auth: httpx2.Auth = httpx2.Auth()


@dataclass(frozen=True)
class Authentication:
    """Makes the credentials of each request.

    If Keycloak refuses them, a message names `setting` and `advice`. `context` has the client
    certificate of every connection.
    """

    setting: str
    advice: str
    credentials: Callable[[], Credentials] = field(repr=False)
    context: ssl.SSLContext | None = None


class Unusable(Exception):
    """A file cannot be used. The message does not contain its content."""


def client_secret(client_id: str, secret: str) -> Authentication:
    """With a secret, form-encoded as RFC 6749, section 2.3.1, requires."""
    basic = httpx2.BasicAuth(quote_plus(client_id), quote_plus(secret))
    return Authentication(
        "CLIENT_SECRET",
        "use the latest secret that you received",
        lambda: Credentials({}, basic),
    )


def private_key_jwt(
    client_id: str, *, token_url: str, key_file: str, key_id: str, algorithm: str
) -> Authentication:
    """With an assertion that the client signs (RFC 7523, section 2.2). The key is a PEM file.

    Each request has its own assertion, because it works once.
    """
    # Keycloak wants its issuer as the audience
    audience = token_url.removesuffix("/protocol/openid-connect/token")

    def credentials() -> Credentials:
        now = int(time.time())
        times = {"iat": now, "exp": now + 60}
        claims = {"iss": client_id, "sub": client_id, "aud": audience, "jti": str(uuid.uuid4())}
        key = Path(key_file).read_bytes()
        return _assertion(client_id, jwt.encode(claims | times, key, algorithm, {"kid": key_id}))

    return Authentication(
        "PRIVATE_KEY_FILE",
        "check that the API's operator has its public key, and check KEY_ID and KEY_ALGORITHM",
        credentials,
    )


def tls_client_auth(client_id: str, context: ssl.SSLContext) -> Authentication:
    """With a client certificate (RFC 8705, section 2).

    The tokens are bound to it, so calls of the API send it too.
    """
    return Authentication(
        "CERTIFICATE_FILE",
        "check that the API's operator knows the certificate, and that it has not expired",
        lambda: Credentials({"client_id": client_id}),
        context,
    )


def federated_jwt(client_id: str, token_file: str) -> Authentication:
    """With the token of another issuer, such as a CI system (RFC 7523).

    The file is read for each request, because others renew it.
    """
    return Authentication(
        "TOKEN_FILE",
        "check that the token is fresh, and that the API's operator knows its issuer and subject",
        lambda: _assertion(client_id, Path(token_file).read_text().strip()),
    )


def authentication(
    client_id: str,
    token_url: str,
    read: Callable[..., str],
    problems: list[str],
) -> Authentication | None:
    """Reads how the client authenticates from its settings. Appends what is wrong to `problems`."""
    match read("AUTH_METHOD", "client_secret"):
        case "client_secret":
            return client_secret(client_id, read("CLIENT_SECRET"))
        case "private_key_jwt":
            return private_key_jwt(
                client_id,
                token_url=token_url,
                key_file=read("PRIVATE_KEY_FILE"),
                key_id=read("KEY_ID"),
                algorithm=read("KEY_ALGORITHM", "ES256"),
            )
        case "tls_client_auth":
            certificate_file, key_file = read("CERTIFICATE_FILE"), read("PRIVATE_KEY_FILE")
            if not certificate_file or not key_file:
                return None
            context = httpx2.create_ssl_context()
            try:
                context.load_cert_chain(certificate_file, key_file)
            except OSError:
                problems.append("CERTIFICATE_FILE or PRIVATE_KEY_FILE cannot be read")
            return tls_client_auth(client_id, context)
        case "federated_jwt":
            return federated_jwt(client_id, read("TOKEN_FILE"))
    methods = "client_secret, private_key_jwt, tls_client_auth or federated_jwt"
    problems.append(f"AUTH_METHOD has to be {methods}")
    return None


def credentials_of(authentication: Authentication) -> Credentials:
    """Credentials for one request. Raises Unusable."""
    try:
        return authentication.credentials()
    except (OSError, TypeError, ValueError, NotImplementedError, jwt.PyJWTError) as error:
        why = f"{authentication.setting} cannot be used ({type(error).__name__})"
        raise Unusable(f"{why}; {authentication.advice}") from None


def _assertion(client_id: str, assertion: str) -> Credentials:
    return Credentials(
        {
            "client_id": client_id,
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion,
        }
    )
