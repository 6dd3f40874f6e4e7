"""Proofs that the client holds the key of its tokens (DPoP, RFC 9449)."""

import hashlib
import time
import uuid
from base64 import urlsafe_b64encode

import httpx2
import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key


class Prover:
    """Signs a proof for each request. Its key lives as long as the process."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self._jwk = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        self._nonces: dict[str, str] = {}

    def proof(self, method: str, url: httpx2.URL, token: str | None = None) -> str:
        """The value of the header `DPoP`. `token` is the token that the request sends."""
        claims = {
            "htm": method,
            "htu": str(url.copy_with(query=None, fragment=None)),
            "jti": str(uuid.uuid4()),
            "iat": int(time.time()),
        }
        if token is not None:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if nonce := self._nonces.get(_origin(url)):
            claims["nonce"] = nonce
        return jwt.encode(claims, self._key, "ES256", {"typ": "dpop+jwt", "jwk": self._jwk})

    def learn(self, url: httpx2.URL, answer: httpx2.Response) -> bool:
        """Remembers the nonce of an answer (RFC 9449, section 8).

        Returns whether the server asks to repeat the request with it.
        """
        if "DPoP-Nonce" not in answer.headers:
            return False
        self._nonces[_origin(url)] = answer.headers["DPoP-Nonce"]
        error = answer.headers.get("WWW-Authenticate", "") + answer.text
        return answer.status_code in (400, 401) and "use_dpop_nonce" in error


def _origin(url: httpx2.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}"
