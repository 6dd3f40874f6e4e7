"""Refusals (RFC 6750, section 3), and the places in which a token is accepted."""

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from tests.conftest import Get
from tests.issuer import Issuer

ORDER = {"item": "pencil", "quantity": 1}


def assert_problem(answer: TestResponse, status: int) -> None:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = answer.get_json(force=True)
    assert (problem["type"], problem["status"]) == ("about:blank", status)


@pytest.mark.parametrize("authorization", [None, "", "Basic YWNtZTp4", "Digest abc", "Bearer\ta"])
def test_without_bearer_token_the_challenge_names_no_error(
    client: FlaskClient, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = client.get("/orders", headers=headers)
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="atlas-api"'


@pytest.mark.parametrize("credentials", ["", " ", " a b", " a,b", " ä", ' "a"', " ="])
def test_malformed_credentials_are_an_invalid_request(
    client: FlaskClient, credentials: str
) -> None:
    answer = client.get("/orders", headers={"Authorization": f"Bearer{credentials}"})
    assert_problem(answer, 400)
    assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


def test_two_headers_are_an_invalid_request(issuer: Issuer, client: FlaskClient) -> None:
    headers = Headers()
    headers.add("Authorization", f"Bearer {issuer.customer()}")
    headers.add("Authorization", f"Bearer {issuer.customer()}")
    answer = client.get("/orders", headers=headers)
    assert_problem(answer, 400)
    assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


def test_a_token_in_the_query_is_an_invalid_request(issuer: Issuer, client: FlaskClient) -> None:
    token = issuer.customer()
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        answer = client.get("/orders", query_string={"access_token": token}, headers=headers)
        assert_problem(answer, 400)
        assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


def test_a_token_in_the_body_is_ignored(issuer: Issuer, client: FlaskClient) -> None:
    answer = client.post("/orders", data={"access_token": issuer.customer()})
    assert_problem(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="atlas-api"'


def test_the_scheme_is_case_insensitive(issuer: Issuer, client: FlaskClient) -> None:
    headers = {"Authorization": f"bearer  {issuer.customer()}"}
    assert client.get("/orders", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "scope", ["orders:write", "", "orders", "orders:read-all", "ORDERS:READ", "x,orders:read"]
)
def test_reading_requires_orders_read(issuer: Issuer, get: Get, scope: str) -> None:
    answer = get(issuer.customer(scope=scope))
    assert_problem(answer, 403)
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="atlas-api", error="insufficient_scope", ')
    assert challenge.endswith('scope="orders:read"')


def test_a_scope_that_is_not_a_string_permits_nothing(issuer: Issuer, get: Get) -> None:
    claims = issuer.claims(sub="s", azp="acme", client_id="acme", scope=["orders:read"])
    assert_problem(get(issuer.sign(claims)), 403)


def test_writing_requires_orders_write(issuer: Issuer, client: FlaskClient) -> None:
    def post(scope: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {issuer.customer(scope=scope)}"}
        return client.post("/orders", json=ORDER, headers=headers)

    answer = post("orders:read")
    assert_problem(answer, 403)
    assert 'scope="orders:write"' in answer.headers["WWW-Authenticate"]
    assert post("orders:write").status_code == 201
