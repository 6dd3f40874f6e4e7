"""Checks that a caller holds the key of a token: proofs in the header `DPoP` (RFC 9449)."""

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt

from orders_api.tokens import ALGORITHMS, LEEWAY, InvalidToken

MAX_AGE = 60.0
"""Seconds for which a proof is accepted. A stolen one is worthless afterwards."""

REQUIRED = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}
"""Members of a public key that its thumbprint is made of (RFC 7638, section 3.2)."""

PORTS = {"http": 80, "https": 443}

IsFirst = Callable[[str, int], bool]
"""Remembers a text for some seconds. Returns whether it was not remembered before."""


class InvalidProof(InvalidToken):
    """A refused proof. The message is safe to send to the caller."""

    error = "invalid_dpop_proof"


def check_proof(
    proof: str, *, token: str, thumbprint: str, method: str, url: str, is_first: IsFirst
) -> None:
    """Checks a proof as RFC 9449, section 4.3, requires. Raises InvalidProof.

    The key is compared with the token first: nobody else can make this API compute with odd keys.
    """
    try:
        header = jwt.get_unverified_header(proof)
        key = _public_key(header.get("jwk"))
        if header.get("typ") != "dpop+jwt" or header.get("alg") not in ALGORITHMS:
            raise InvalidProof("the proof's type or algorithm is not allowed")
        if _thumbprint(key) != thumbprint:
            raise InvalidProof("the proof is by another key than the token's")
        claims = jwt.decode(
            proof,
            jwt.PyJWK(key, header["alg"]),
            algorithms=ALGORITHMS,
            leeway=LEEWAY,
            options={"require": ["jti", "htm", "htu", "iat", "ath"], "verify_aud": False},
        )
    except (jwt.PyJWTError, ArithmeticError, TypeError, ValueError):
        raise InvalidProof("the proof is not valid") from None
    if int(claims["iat"]) < time.time() - MAX_AGE - LEEWAY:
        raise InvalidProof("the proof is too old")
    if claims["htm"] != method or _parts(claims["htu"]) != _parts(url):
        raise InvalidProof("the proof is for another request")
    if claims["ath"] != _encoded(hashlib.sha256(token.encode()).digest()):
        raise InvalidProof("the proof is for another token")
    # only valid proofs are remembered, each until it is too old
    name = hashlib.sha256(f"{thumbprint} {claims['jti']}".encode()).hexdigest()
    if not is_first(f"dpop/{name}", int(MAX_AGE + 2 * LEEWAY)):
        raise InvalidProof("the proof was used before")


def _public_key(jwk: Any) -> dict[str, Any]:
    match jwk:
        case {"kty": "EC" | "OKP" | "RSA", **members} if "d" not in members:
            return dict(jwk)
    raise InvalidProof("the proof contains no public key")


def _thumbprint(key: dict[str, Any]) -> str:
    """The thumbprint of a public key (RFC 7638, section 3)."""
    required = {name: key.get(name) for name in REQUIRED[key["kty"]]}
    members = json.dumps(required, separators=(",", ":"))
    return _encoded(hashlib.sha256(members.encode()).digest())


def _parts(url: Any) -> object:
    """What two URLs have to agree in: the query and the fragment are ignored."""
    if not isinstance(url, str):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    return parts.scheme, parts.hostname, port, unquote(parts.path)


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
