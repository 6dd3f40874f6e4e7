"""A local issuer: real RSA keys, and an HTTP server that publishes them."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

AUDIENCE = "atlas-api"


class Key:
    """An RSA key pair with a key id."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private: RSAPrivateKey = generate_private_key(65537, 2048)

    def jwk(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return public | {"kid": self.kid, "alg": "RS256", "use": "sig"}


FIRST, SECOND, STRANGER = Key("first"), Key("second"), Key("first")


class Issuer:
    """Publishes `keys`, counts how often they are fetched, and signs tokens with the first.

    `before` sees each request first, and returns whether it has answered.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.configuration = {"issuer": url, "jwks_uri": f"{url}/jwks"}
        self.keys = [FIRST]
        self.other_keys: list[Any] = []
        self.fetches = 0
        self.unreachable = False
        self.before: Callable[[BaseHTTPRequestHandler], bool] = lambda _: False

    def hang(self, *, then_answer: bool) -> tuple[Event, Event]:
        """Lets all requests wait, and then be answered or not.

        The first event is set by a request; the second ends the wait.
        """
        asked, over = Event(), Event()

        def wait(_: BaseHTTPRequestHandler) -> bool:
            asked.set()
            over.wait(60)
            return not then_answer

        self.before = wait
        return asked, over

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode(claims, self.keys[0].private, "RS256", {"kid": self.keys[0].kid} | header)

    def claims(self, **claims: Any) -> dict[str, Any]:
        """The claims of every access token from Keycloak. The value None removes a claim."""
        now = int(time.time())
        usual = {"iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + 300, "typ": "Bearer"}
        return {name: value for name, value in (usual | claims).items() if value is not None}

    def customer(self, id: str = "acme", scope: str = "orders:read", **claims: Any) -> str:
        """A customer's token, as Keycloak 26.7 issues it to a service account."""
        sub = f"service-account-{id}"
        usual = {"sub": sub, "azp": id, "client_id": id, "scope": scope}
        return self.sign(self.claims(**(usual | claims)))

    def user(self, sub: str = "ann", scope: str = "openid orders:read", **claims: Any) -> str:
        """A user's token, as Keycloak issues it to the frontend."""
        usual = {"sub": sub, "azp": "atlas-frontend", "sid": f"session-{sub}", "scope": scope}
        return self.sign(self.claims(**(usual | claims)))


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/jwks":
                issuer.fetches += 1
            if issuer.before(self):
                return None
            if issuer.unreachable:
                return self.send_error(502)
            if self.path == "/jwks":
                return self.answer({"keys": issuer.other_keys + [key.jwk() for key in issuer.keys]})
            return self.answer(issuer.configuration)

        def answer(self, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    issuer = Issuer(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
