"""Tests of each way to authenticate, and of tokens that are bound to a key."""

import datetime
import hashlib
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from authentication import (
    Authentication,
    Credentials,
    client_secret,
    federated_jwt,
    private_key_jwt,
    tls_client_auth,
)
from orders_client import OrdersClient, Refused, Unavailable
from stub_servers import PAGE, Servers

BOUND: dict[str, Any] = {"access_token": "abc", "token_type": "DPoP", "expires_in": 300}


def client(
    servers: Servers, authentication: Authentication, *, is_bound: bool = False, retry: float = 0
) -> OrdersClient:
    return OrdersClient(
        token_url=f"{servers.url}/token",
        client_id="globex",
        authentication=authentication,
        api_url=servers.url,
        is_bound=is_bound,
        retry_seconds=retry,
    )


def pem(key: Any) -> bytes:
    content: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return content


def new_rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def signing(
    servers: Servers, folder: Path, content: bytes | None, algorithm: str = "ES256"
) -> Authentication:
    key_file = folder / "key.pem"
    if content is not None:
        key_file.write_bytes(content)
    return private_key_jwt(
        "globex",
        token_url=f"{servers.url}/token",
        key_file=str(key_file),
        key_id="one",
        algorithm=algorithm,
    )


@pytest.mark.parametrize(
    ("algorithm", "generate"),
    [
        ("ES256", lambda: ec.generate_private_key(ec.SECP256R1())),
        ("RS256", new_rsa),
        ("PS256", new_rsa),
        ("EdDSA", ed25519.Ed25519PrivateKey.generate),
    ],
)
def test_each_request_for_a_token_has_an_assertion_of_its_own(
    servers: Servers, tmp_path: Path, algorithm: str, generate: Callable[[], Any]
) -> None:
    key = generate()
    servers.token = [(503, {}), *servers.token]
    with client(servers, signing(servers, tmp_path, pem(key), algorithm), retry=10) as orders:
        orders.list()
    ids = set()
    for form in servers.forms:
        assertion = form["client_assertion"]
        assert jwt.get_unverified_header(assertion)["kid"] == "one"
        claims = jwt.decode(
            assertion,
            key.public_key(),
            algorithms=[algorithm],
            audience=f"{servers.url}/token",
            issuer="globex",
            options={"require": ["exp", "iat", "jti"]},
        )
        assert claims["sub"] == form["client_id"] == "globex"
        ids.add(claims["jti"])
    assert len(ids) == 2


def test_the_audience_of_an_assertion_is_keycloaks_issuer(servers: Servers, tmp_path: Path) -> None:
    servers.url += "/realms/atlas/protocol/openid-connect"
    key = ec.generate_private_key(ec.SECP256R1())
    form, _ = signing(servers, tmp_path, pem(key)).credentials()
    issuer = servers.url.removesuffix("/protocol/openid-connect")
    jwt.decode(form["client_assertion"], key.public_key(), ["ES256"], audience=issuer)


@pytest.mark.parametrize(
    "content", [None, b"a secret", pem(new_rsa())], ids=["missing", "no key", "another algorithm"]
)
def test_a_key_file_that_cannot_be_used_is_refused_without_its_content(
    servers: Servers, tmp_path: Path, content: bytes | None
) -> None:
    refused = pytest.raises(Refused, match=r"^PRIVATE_KEY_FILE cannot be used \(\w+\); check ")
    with client(servers, signing(servers, tmp_path, content)) as orders, refused:
        orders.list()
    assert servers.requests == []


def test_a_token_of_another_issuer_is_read_again_for_each_request(
    servers: Servers, tmp_path: Path
) -> None:
    token_file = tmp_path / "token"
    token_file.write_text("one\n")
    method = federated_jwt("globex", str(token_file))

    def renewed() -> Credentials:
        credentials = method.credentials()
        token_file.write_text("two\n")
        return credentials

    servers.api = [(401, {}), PAGE]
    with client(servers, replace(method, credentials=renewed)) as orders:
        orders.list()
    assert [form["client_assertion"] for form in servers.forms] == ["one", "two"]


def certificate(folder: Path, name: str) -> Path:
    """A certificate for localhost, signed by itself, and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now, day = datetime.datetime.now(datetime.UTC), datetime.timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    signed = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(names, critical=False)
        .sign(key, SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(signed.public_bytes(Encoding.PEM) + pem(key))
    return file


def test_a_client_certificate_is_sent_to_keycloak_and_to_the_api(tmp_path: Path) -> None:
    server, globex = certificate(tmp_path, "server"), certificate(tmp_path, "globex")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(globex))
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_cert_chain(server)
    servers = Servers(tls)
    try:
        without, with_it = (ssl.create_default_context(cafile=str(server)) for _ in range(2))
        with_it.load_cert_chain(globex)
        refused = client(servers, tls_client_auth("globex", without))
        with refused as orders, pytest.raises(Unavailable):
            orders.list()
        with client(servers, tls_client_auth("globex", with_it)) as orders:
            orders.list()
        assert servers.requests == ["/token", "/orders"]
        assert servers.forms[0]["client_id"] == "globex"
    finally:
        servers.close()


def proofs(servers: Servers) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The key and the claims of each request's proof."""
    found = []
    for headers in servers.received:
        header = jwt.get_unverified_header(headers["DPoP"])
        assert header["typ"] == "dpop+jwt"
        key = jwt.PyJWK(header["jwk"], "ES256")
        claims = jwt.decode(headers["DPoP"], key, ["ES256"], options={"require": ["iat", "jti"]})
        found.append((header["jwk"], claims))
    return found


def test_every_request_proves_the_key_of_the_token_with_a_new_proof(servers: Servers) -> None:
    servers.token = [(200, BOUND)]
    servers.api = [(503, {}), PAGE]
    secret = client_secret("globex", "secret")
    with client(servers, secret, is_bound=True, retry=10) as orders:
        orders.list("a")
    digest = hashlib.sha256(b"abc").digest()
    call = ("GET", f"{servers.url}/orders", urlsafe_b64encode(digest).rstrip(b"=").decode())
    first, *_ = sent = proofs(servers)
    assert [(claims["htm"], claims["htu"], claims.get("ath")) for _, claims in sent] == [
        ("POST", f"{servers.url}/token", None),
        call,
        call,
    ]
    assert len({claims["jti"] for _, claims in sent}) == 3
    assert all(key == first[0] for key, _ in sent)
    assert [headers["Authorization"] for headers in servers.received[1:]] == ["DPoP abc"] * 2


def test_a_proof_has_the_nonce_that_a_server_asks_for_and_the_next_proof_too(
    servers: Servers,
) -> None:
    challenge = {"DPoP-Nonce": "n2", "WWW-Authenticate": 'DPoP error="use_dpop_nonce"'}
    servers.token = [(400, {"error": "use_dpop_nonce"}, {"DPoP-Nonce": "n1"}), (200, BOUND)]
    servers.api = [(401, {}, challenge), PAGE]
    with client(servers, client_secret("globex", "secret"), is_bound=True) as orders:
        orders.list()
        orders.list()
    assert servers.requests == ["/token", "/token", "/orders", "/orders", "/orders"]
    nonces = [claims.get("nonce") for _, claims in proofs(servers)]
    assert nonces == [None, "n1", "n1", "n2", "n2"]


def test_a_token_that_is_not_bound_is_refused_if_it_has_to_be(servers: Servers) -> None:
    bound = client(servers, client_secret("globex", "secret"), is_bound=True)
    with bound as orders, pytest.raises(Refused, match="not bound"):
        orders.list()
    assert servers.requests == ["/token"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("invalid_client", r'refuses CERTIFICATE_FILE for "globex" \(invalid_client\): check '),
        ("unauthorized_client", r"refuses CERTIFICATE_FILE .* \(unauthorized_client\): check "),
        ("invalid_dpop_proof", "set TOKEN_BINDING=dpop"),
        ("invalid_request", "set TOKEN_BINDING=dpop"),
    ],
)
def test_a_refusal_names_what_keycloak_refuses(servers: Servers, error: str, message: str) -> None:
    servers.token = [(401, {"error": error})]
    method = tls_client_auth("globex", ssl.create_default_context())
    with client(servers, method) as orders, pytest.raises(Refused, match=message):
        orders.list()
