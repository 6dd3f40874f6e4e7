"""Tokens bound to a key. Each refused request differs from an accepted one in one detail."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orders_api import create_app
from orders_api.settings import Settings
from tests.conftest import Get
from tests.holder import Certificate, Holder
from tests.issuer import Issuer

API = "https://api.example.com/shop"
ORDERS = f"{API}/orders"
HEADER = "X-Client-Certificate"
ACME, OTHER = Holder(), Holder()
HELD, STOLEN = Certificate(), Certificate()


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {
        "API_URL": API,
        "TRUSTED_PROXIES": "1",
        "CLIENT_CERTIFICATE_HEADER": HEADER,
    }


def bound_to_key(issuer: Issuer, **claims: Any) -> str:
    """As Keycloak 26.7 issues it."""
    cnf = {"jkt": ACME.thumbprint, "kc-jkt-type": "DPoP"}
    return issuer.customer(**({"cnf": cnf, "typ": "DPoP"} | claims))


def send(client: FlaskClient, token: str, *proofs: str, scheme: str = "DPoP") -> TestResponse:
    headers = [("Authorization", f"{scheme} {token}"), *(("DPoP", proof) for proof in proofs)]
    return client.get("/orders", headers=headers)


@pytest.mark.parametrize(
    "url", [ORDERS, f"{ORDERS}?a=b#c", "HTTPS://API.example.com:443/shop/orders"]
)
def test_accepts_a_bound_token_with_its_proof(
    issuer: Issuer, client: FlaskClient, url: str
) -> None:
    token = bound_to_key(issuer)
    for scheme in ("DPoP", "dpop"):
        assert send(client, token, ACME.proof(url, token), scheme=scheme).status_code == 200


REFUSED: dict[str, tuple[str, Callable[[str], str]]] = {
    "no JWT": ("not valid", lambda _: "rubbish"),
    "by another key": ("another key", lambda token: OTHER.proof(ORDERS, token)),
    "signed by another key": (
        "not valid",
        lambda token: OTHER.proof(ORDERS, token, header={"jwk": ACME.jwk}),
    ),
    "of another type": ("type", lambda token: ACME.proof(ORDERS, token, header={"typ": "JWT"})),
    "without a key": ("no public key", lambda token: ACME.proof(ORDERS, token, header={"jwk": 1})),
    "with a private key": (
        "no public key",
        lambda token: ACME.proof(ORDERS, token, header={"jwk": ACME.jwk | {"d": "x"}}),
    ),
    "with a symmetric key": (
        "no public key",
        lambda token: ACME.proof(ORDERS, token, header={"jwk": {"kty": "oct", "k": "x"}}),
    ),
    "for another method": ("another request", lambda token: ACME.proof(ORDERS, token, "POST")),
    "for another path": ("another request", lambda token: ACME.proof(f"{API}/order", token)),
    "for another host": (
        "another request",
        lambda token: ACME.proof("https://api.example.org/shop/orders", token),
    ),
    "for no URL": ("another request", lambda token: ACME.proof("", token, htu=1)),
    "for an odd URL": ("another request", lambda token: ACME.proof("https://api:x/", token)),
    "for another token": ("another token", lambda _: ACME.proof(ORDERS, "other")),
    "too old": ("too old", lambda token: ACME.proof(ORDERS, token, iat=time.time() - 120)),
    "of the future": ("not valid", lambda token: ACME.proof(ORDERS, token, iat=time.time() + 60)),
    "without a time": ("not valid", lambda token: ACME.proof(ORDERS, token, iat=None)),
    "without an id": ("not valid", lambda token: ACME.proof(ORDERS, token, jti=None)),
    "without a hash": ("not valid", lambda token: ACME.proof(ORDERS, token, ath=None)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_a_proof(case: str, issuer: Issuer, client: FlaskClient) -> None:
    reason, proof = REFUSED[case]
    token = bound_to_key(issuer)
    answer = send(client, token, proof(token))
    assert answer.status_code == 401
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('DPoP realm="atlas-api", error="invalid_dpop_proof", ')
    assert ' algs="RS256 ' in challenge
    assert reason in challenge


def test_refuses_a_proof_that_was_used_before(issuer: Issuer, client: FlaskClient) -> None:
    token = bound_to_key(issuer)
    proof = ACME.proof(ORDERS, token)
    assert [send(client, token, proof).status_code for _ in range(2)] == [200, 401]
    assert "used before" in send(client, token, proof).headers["WWW-Authenticate"]


def test_two_holders_may_choose_the_same_id(issuer: Issuer, client: FlaskClient) -> None:
    for holder in (ACME, OTHER):
        token = bound_to_key(issuer, cnf={"jkt": holder.thumbprint})
        assert send(client, token, holder.proof(ORDERS, token, jti="1")).status_code == 200


def test_refuses_a_request_without_one_proof(issuer: Issuer, client: FlaskClient) -> None:
    token = bound_to_key(issuer)
    two = [ACME.proof(ORDERS, token), ACME.proof(ORDERS, token)]
    for proofs, reason in (([], "is missing"), (two, "is not valid")):
        answer = send(client, token, *proofs)
        assert answer.status_code == 401
        assert 'error="invalid_dpop_proof"' in answer.headers["WWW-Authenticate"]
        assert reason in answer.headers["WWW-Authenticate"]


def test_refuses_a_bound_token_as_a_bearer_token(issuer: Issuer, client: FlaskClient) -> None:
    token = bound_to_key(issuer)
    answer = send(client, token, ACME.proof(ORDERS, token), scheme="Bearer")
    assert answer.status_code == 401
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="atlas-api", error="invalid_token", ')
    assert "send it with the scheme DPoP" in challenge
    assert ', DPoP realm="atlas-api", algs="' in challenge


def test_refuses_a_token_that_is_bound_to_a_key_of_another_kind(
    issuer: Issuer, client: FlaskClient
) -> None:
    token = bound_to_key(issuer, cnf={"jkt": ACME.thumbprint, "kc-jkt-type": "other"})
    answer = send(client, token, ACME.proof(ORDERS, token))
    assert answer.status_code == 401
    assert "in a way that this API cannot check" in answer.headers["WWW-Authenticate"]


def test_refuses_a_proof_for_a_token_that_is_not_bound(issuer: Issuer, client: FlaskClient) -> None:
    token = issuer.customer()
    answer = send(client, token, ACME.proof(ORDERS, token))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_lack_of_permission_has_a_challenge_of_the_same_scheme(
    issuer: Issuer, client: FlaskClient
) -> None:
    token = bound_to_key(issuer, scope="")
    answer = send(client, token, ACME.proof(ORDERS, token))
    assert answer.status_code == 403
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('DPoP realm="atlas-api", error="insufficient_scope", ')


def test_without_its_own_url_the_api_refuses_bound_tokens(
    issuer: Issuer, environment: dict[str, str]
) -> None:
    client = create_app(Settings.from_environment(environment | {"API_URL": ""})).test_client()
    token = bound_to_key(issuer)
    answer = send(client, token, ACME.proof(ORDERS, token))
    assert (answer.status_code, answer.headers["WWW-Authenticate"].count("DPoP")) == (401, 1)
    assert "which this API cannot check" in answer.headers["WWW-Authenticate"]


def with_certificate(issuer: Issuer, get: Get, pem: str, **cnf: str) -> TestResponse:
    token = issuer.customer(cnf={"x5t#S256": HELD.thumbprint, **cnf})
    return get(token, **({HEADER: quote(pem)} if pem else {}))


def test_accepts_a_bound_token_over_a_connection_with_its_certificate(
    issuer: Issuer, get: Get
) -> None:
    assert with_certificate(issuer, get, HELD.pem).status_code == 200


@pytest.mark.parametrize(
    ("pem", "cnf", "reason"),
    [
        ("", {}, "connect with it"),
        ("rubbish", {}, "connect with it"),
        (STOLEN.pem, {}, "another certificate"),
        (HELD.pem, {"jkt": ACME.thumbprint}, "not one of Keycloak's access tokens"),
        (HELD.pem, {"kid": "x"}, "way that this API cannot check"),
    ],
    ids=["none", "rubbish", "another's", "and a key", "and something unknown"],
)
def test_refuses_a_token_without_its_certificate(
    issuer: Issuer, get: Get, pem: str, cnf: dict[str, str], reason: str
) -> None:
    answer = with_certificate(issuer, get, pem, **cnf)
    assert answer.status_code == 401
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="atlas-api", error="invalid_token", ')
    assert reason in challenge


def test_without_a_proxy_that_sets_it_the_header_has_no_effect(
    issuer: Issuer, environment: dict[str, str]
) -> None:
    settings = Settings.from_environment(environment | {"CLIENT_CERTIFICATE_HEADER": ""})
    headers = {
        "Authorization": f"Bearer {issuer.customer(cnf={'x5t#S256': HELD.thumbprint})}",
        HEADER: quote(HELD.pem),
    }
    answer = create_app(settings).test_client().get("/orders", headers=headers)
    assert answer.status_code == 401
    assert "which this API cannot check" in answer.headers["WWW-Authenticate"]
