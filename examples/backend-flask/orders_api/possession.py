"""Accepts a token that is bound to a key only from the key's holder (RFC 7800).

So a stolen token is worthless without the key.
"""

from base64 import urlsafe_b64encode
from typing import Literal
from urllib.parse import quote, unquote

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate
from flask import request

from orders_api.dpop import InvalidProof, IsFirst, check_proof
from orders_api.tokens import AccessToken, InvalidToken

Scheme = Literal["Bearer", "DPoP"]


class Possession:
    """Checks each binding of a token, and refuses the bindings that it does not know.

    `api_url` is the API's own URL, which proofs name. `certificate_header` is the header in which
    a proxy puts the caller's certificate. Without them, tokens bound in this way are refused.
    """

    def __init__(self, api_url: str, certificate_header: str, is_first: IsFirst) -> None:
        self._api_url = api_url
        self._certificate_header = certificate_header
        self._is_first = is_first

    def check(self, scheme: Scheme, token: str, content: AccessToken) -> None:
        """Checks the request against the token that it sends. Raises InvalidToken."""
        if scheme == "DPoP" and "jkt" not in content.confirmation:
            raise InvalidToken("the token is not bound to a key: send it with the scheme Bearer")
        for name, thumbprint in content.confirmation.items():
            match name:
                case "jkt":
                    self._check_proof(scheme, token, thumbprint)
                case "x5t#S256":
                    self._check_certificate(thumbprint)
                case _:
                    raise InvalidToken("the token is bound in a way that this API cannot check")

    def _check_proof(self, scheme: Scheme, token: str, thumbprint: str) -> None:
        """RFC 9449, section 7."""
        if not self._api_url:
            raise InvalidToken("the token is bound to a key, which this API cannot check")
        if scheme != "DPoP":
            raise InvalidToken("the token is bound to a key: send it with the scheme DPoP")
        proof = request.headers.get("DPoP")
        if proof is None:
            raise InvalidProof("the header DPoP with a proof is missing")
        check_proof(
            proof,
            token=token,
            thumbprint=thumbprint,
            method=request.method,
            url=self._api_url + quote(request.path),
            is_first=self._is_first,
        )

    def _check_certificate(self, thumbprint: str) -> None:
        """RFC 8705, section 3. The TLS handshake has proved that the caller has the key."""
        if not self._certificate_header:
            raise InvalidToken("the token is bound to a certificate, which this API cannot check")
        pem = unquote(request.headers.get(self._certificate_header, ""))
        try:
            digest = load_pem_x509_certificate(pem.encode()).fingerprint(SHA256())
        except ValueError:
            raise InvalidToken("the token is bound to a certificate: connect with it") from None
        if urlsafe_b64encode(digest).rstrip(b"=").decode() != thumbprint:
            raise InvalidToken("the token is bound to another certificate")
