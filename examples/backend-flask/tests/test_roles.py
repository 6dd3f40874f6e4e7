"""What a user's roles add to the scope, if the API has roles."""

import base64
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orders_api import create_app
from orders_api.settings import Settings
from tests.conftest import Get
from tests.issuer import Issuer
from tests.test_access import ORDER, assert_problem
from tests.test_orders import BOTH

READ, WRITE = "orders:read", "orders:write"


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    del environment["PERMISSIONS_CLAIM"]
    return environment


def post(client: FlaskClient, token: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"}
    return client.post("/orders", json=ORDER, headers=headers)


@pytest.mark.parametrize(
    ("granted", "statuses"),
    [([READ], (200, 403)), ([READ, WRITE], (200, 201)), ([WRITE], (403, 201)), (None, (403, 403))],
)
def test_a_user_may_do_what_scope_and_role_grant(
    issuer: Issuer,
    client: FlaskClient,
    get: Get,
    granted: list[str] | None,
    statuses: tuple[int, int],
) -> None:
    token = issuer.user(scope=BOTH, permissions=granted)
    assert (get(token).status_code, post(client, token).status_code) == statuses


def test_a_role_does_not_replace_the_scope(issuer: Issuer, client: FlaskClient) -> None:
    token = issuer.user(scope=READ, permissions=[READ, WRITE])
    assert post(client, token).status_code == 403


def test_a_403_names_a_missing_role(issuer: Issuer, client: FlaskClient) -> None:
    answer = post(client, issuer.user(scope=BOTH, permissions=[READ]))
    assert_problem(answer, 403)
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="atlas-api", error="insufficient_scope", '
        'error_description="no role of the user grants orders:write"'
    )
    problem = answer.get_json(force=True)
    assert problem["detail"] == "No role of the user grants orders:write."
    assert problem["missing"] == "role"


@pytest.mark.parametrize("granted", [None, [READ], [READ, WRITE]])
def test_a_403_names_a_missing_scope_whether_the_role_is_missing_or_not(
    issuer: Issuer, client: FlaskClient, granted: list[str] | None
) -> None:
    answer = post(client, issuer.user(scope=READ, permissions=granted))
    assert_problem(answer, 403)
    assert 'scope="orders:write"' in answer.headers["WWW-Authenticate"]
    assert answer.get_json(force=True)["missing"] == "scope"


@pytest.mark.parametrize(
    "claim",
    [
        READ,
        f"{READ} {WRITE}",
        {READ: True},
        {"0": READ},
        [READ, 1],
        [[READ]],
        [{"name": READ}],
        [f"{READ} {WRITE}"],
        [READ.upper()],
        [f" {READ}"],
        ["orders:*"],
        [],
        True,
        1,
    ],
)
def test_a_malformed_claim_grants_nothing(issuer: Issuer, get: Get, claim: object) -> None:
    assert_problem(get(issuer.user(permissions=claim)), 403)


@pytest.mark.parametrize("name", ["roles", "Permissions", "resource_access", "permission"])
def test_another_claim_grants_nothing(issuer: Issuer, get: Get, name: str) -> None:
    claims: dict[str, Any] = {name: [READ]}
    assert_problem(get(issuer.user(**claims)), 403)


def test_a_claim_without_a_valid_signature_grants_nothing(issuer: Issuer, get: Get) -> None:
    header, payload, signature = issuer.user(permissions=None).split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    forged = json.dumps(claims | {"permissions": [READ]}).encode()
    altered = base64.urlsafe_b64encode(forged).rstrip(b"=").decode()
    assert_problem(get(f"{header}.{altered}.{signature}"), 401)


@pytest.mark.parametrize("claim", [None, [], [READ, WRITE], "rubbish"])
def test_the_claim_has_no_effect_for_a_customer(
    issuer: Issuer, client: FlaskClient, get: Get, claim: object
) -> None:
    token = issuer.customer(scope=READ, permissions=claim)
    assert get(token).status_code == 200
    assert post(client, token).get_json(force=True)["missing"] == "scope"


def test_with_an_empty_setting_the_claim_has_no_effect(
    issuer: Issuer, environment: dict[str, str]
) -> None:
    app = create_app(Settings.from_environment(environment | {"PERMISSIONS_CLAIM": ""}))
    for claim in (None, [], [WRITE]):
        token = issuer.user(scope=READ, permissions=claim)
        headers = {"Authorization": f"Bearer {token}"}
        assert app.test_client().get("/orders", headers=headers).status_code == 200
        assert post(app.test_client(), token).status_code == 403
