"""Accepted and refused tokens. Each refused token differs from an accepted one in one detail."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.conftest import Get
from tests.issuer import FIRST, STRANGER, Issuer


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def hs256_with_public_key(issuer: Issuer) -> str:
    """Signs by hand, because PyJWT refuses to."""
    secret = FIRST.private.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    claims = jwt.decode(issuer.customer(), options={"verify_signature": False})
    content = f"{segment({'alg': 'HS256', 'kid': FIRST.kid})}.{segment(claims)}"
    signature = hmac.digest(secret, content.encode(), "sha256")
    return f"{content}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def without_signature(issuer: Issuer) -> str:
    claims = issuer.customer().split(".")[1]
    return f"{segment({'alg': 'none', 'kid': FIRST.kid})}.{claims}."


def altered(issuer: Issuer) -> str:
    header, claims, signature = issuer.customer().split(".")
    text = base64.urlsafe_b64decode(claims + "==").decode()
    return (
        f"{header}.{segment(json.loads(text) | {'scope': 'orders:read orders:write'})}.{signature}"
    )


def by_another_key(issuer: Issuer) -> str:
    claims = jwt.decode(issuer.customer(), options={"verify_signature": False})
    return jwt.encode(claims, STRANGER.private, "RS256", {"kid": FIRST.kid})


def with_key_in_header(issuer: Issuer) -> str:
    claims = jwt.decode(issuer.customer(), options={"verify_signature": False})
    return jwt.encode(claims, STRANGER.private, "RS256", {"kid": "x", "jwk": STRANGER.jwk()})


def without_kid(issuer: Issuer) -> str:
    claims = jwt.decode(issuer.customer(), options={"verify_signature": False})
    return jwt.encode(claims, FIRST.private, "RS256")


ACCEPTED: dict[str, Callable[[Issuer], str]] = {
    "a customer": lambda issuer: issuer.customer(),
    "a user": lambda issuer: issuer.user(),
    "two audiences": lambda issuer: issuer.customer(aud=["other-api", "atlas-api"]),
    "clocks that differ": lambda issuer: issuer.customer(nbf=time.time() + 8),
    "the header of RFC 9068": lambda issuer: issuer.sign(
        issuer.claims(sub="s", azp="acme", client_id="acme", scope="orders:read"), typ="at+jwt"
    ),
}

OTHER_KIND = "not one of Keycloak's access tokens"
NO_CALLER = "customer or a user"

REFUSED: dict[str, tuple[str, Callable[[Issuer], str]]] = {
    "expired": ("has expired", lambda issuer: issuer.customer(exp=time.time() - 60)),
    "without exp": ("not valid", lambda issuer: issuer.customer(exp=None)),
    "not valid yet": ("not valid yet", lambda issuer: issuer.customer(nbf=time.time() + 120)),
    "from another issuer": ("another issuer", lambda issuer: issuer.customer(iss="http://other")),
    "for another API": ("not for this API", lambda issuer: issuer.customer(aud="other-api")),
    "for an API with a longer name": (
        "not for this API",
        lambda issuer: issuer.customer(aud="atlas-api-2"),
    ),
    "without audience": ("not valid", lambda issuer: issuer.customer(aud=None)),
    "an ID token": (OTHER_KIND, lambda issuer: issuer.user(typ="ID")),
    "a refresh token": (OTHER_KIND, lambda issuer: issuer.user(typ="Refresh")),
    "without type": (OTHER_KIND, lambda issuer: issuer.customer(typ=None)),
    "of another issuer's user, as in RFC 9068": (
        OTHER_KIND,
        lambda issuer: issuer.sign(
            issuer.claims(typ=None, sub="ann", azp="web", client_id="web", scope="orders:read"),
            typ="at+jwt",
        ),
    ),
    "delegated": ("is delegated", lambda issuer: issuer.user(act={"sub": "bob"})),
    "bound in an unknown way": (
        "way that this API cannot check",
        lambda issuer: issuer.customer(cnf={"kid": "x"}),
    ),
    "bound to a kind without a key": (
        "way that this API cannot check",
        lambda issuer: issuer.customer(cnf={"kc-jkt-type": "DPoP"}),
    ),
    "bound to nothing": (
        "way that this API cannot check",
        lambda issuer: issuer.customer(cnf={}),
    ),
    "bound to no text": (
        "way that this API cannot check",
        lambda issuer: issuer.customer(cnf={"jkt": ["x"]}, typ="DPoP"),
    ),
    "of the type DPoP, but not bound": (OTHER_KIND, lambda issuer: issuer.customer(typ="DPoP")),
    "alg none": ("algorithm is not allowed", without_signature),
    "HS256 with the public key": ("algorithm is not allowed", hs256_with_public_key),
    "altered": ("not valid", altered),
    "signed by another key": ("not valid", by_another_key),
    "with a key in its header": ("key is unknown", with_key_in_header),
    "without key id": ("key is unknown", without_kid),
    "rubbish": ("not valid", lambda issuer: "rubbish"),
    "100 KB of rubbish": ("not valid", lambda issuer: "a" * 100_000),
    "100 KB of dots": ("not valid", lambda issuer: "." * 100_000),
    "without azp": ("not valid", lambda issuer: issuer.user(azp=None)),
    "neither customer nor user": (
        NO_CALLER,
        lambda issuer: issuer.customer(client_id=None),
    ),
    "both customer and user": (NO_CALLER, lambda issuer: issuer.customer(sid="s")),
    "a user with the client id of a customer": (
        NO_CALLER,
        lambda issuer: issuer.user(client_id="acme"),
    ),
    "a customer with the client id of another": (
        NO_CALLER,
        lambda issuer: issuer.customer("acme", client_id="globex"),
    ),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepts_a_token(case: str, issuer: Issuer, get: Get) -> None:
    assert get(ACCEPTED[case](issuer)).status_code == 200


ODD_VALUES: list[Any] = ["", 1, 1.0, True, {}, [], ["acme"], "a\n", "a\0b", "\ud800", "a\u202eb"]


@pytest.mark.parametrize("value", ODD_VALUES, ids=repr)
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("customer", ["client_id", "azp"]),
        ("customer", ["sub"]),
        ("user", ["sid"]),
        ("user", ["sub"]),
        ("user", ["azp"]),
    ],
)
def test_refuses_a_caller_that_is_not_a_plain_name(
    issuer: Issuer, get: Get, kind: str, names: list[str], value: Any
) -> None:
    answer = get(getattr(issuer, kind)(**dict.fromkeys(names, value)))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("name", ["client_id", "sid", "sub", "azp"])
def test_refuses_a_caller_that_is_null(issuer: Issuer, get: Get, name: str) -> None:
    claims = issuer.claims(sub="ann", azp="web", sid="s", scope="orders:read")
    assert get(issuer.sign(claims)).status_code == 200
    assert get(issuer.sign(claims | {name: None})).status_code == 401


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_a_token(case: str, issuer: Issuer, get: Get) -> None:
    reason, token = REFUSED[case]
    answer = get(token(issuer))
    assert answer.status_code == 401
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="atlas-api", error="invalid_token", error_descr')
    assert reason in challenge
    assert reason in answer.get_json(force=True)["detail"]
