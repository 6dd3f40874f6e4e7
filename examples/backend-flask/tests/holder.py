"""A customer that holds keys, and proves it: with DPoP, or with a client certificate."""

import base64
import datetime
import hashlib
import time
import uuid
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class Holder:
    """Signs proofs with a key of its own."""

    def __init__(self) -> None:
        self.private = generate_private_key(SECP256R1())
        public = self.private.public_key()
        self.jwk: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(public, as_dict=True)
        # the members of RFC 7638, section 3.2, in their order
        members = '{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.format(**self.jwk)
        self.thumbprint = encoded(hashlib.sha256(members.encode()).digest())

    def proof(
        self,
        url: str,
        token: str,
        method: str = "GET",
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A proof for one request. The value None removes a claim."""
        usual = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": url,
            "iat": int(time.time()),
            "ath": encoded(hashlib.sha256(token.encode()).digest()),
        }
        content = {name: value for name, value in (usual | claims).items() if value is not None}
        headers = {"typ": "dpop+jwt", "jwk": self.jwk} | (header or {})
        return jwt.encode(content, self.private, "ES256", headers)


class Certificate:
    """A client certificate, signed by itself, and its thumbprint."""

    def __init__(self) -> None:
        self.private = generate_private_key(SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme")])
        today, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
        certificate = (
            x509.CertificateBuilder(name, name, self.private.public_key(), 1)
            .not_valid_before(today - day)
            .not_valid_after(today + day)
            .sign(self.private, SHA256())
        )
        self.pem = certificate.public_bytes(Encoding.PEM).decode()
        self.thumbprint = encoded(certificate.fingerprint(SHA256()))

    def write(self, file: Path) -> Path:
        """Writes certificate and key into one file."""
        key = self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_text(self.pem + key.decode())
        return file
