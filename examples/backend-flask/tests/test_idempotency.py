"""Repeated requests with an Idempotency-Key place one order."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from tests.conftest import Get
from tests.issuer import Issuer
from tests.server import running_server
from tests.test_orders import BOTH, items, place


def test_the_same_order_gets_the_same_answer(issuer: Issuer, client: FlaskClient, get: Get) -> None:
    token = issuer.customer(scope=BOTH)
    key = {"Idempotency-Key": "!" + "~" * 254}
    first = place(client, token, **key)
    place(client, token, "another", **{"Idempotency-Key": "another"})
    again = place(client, token, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.data, again.headers["Location"]) == (first.data, first.headers["Location"])
    assert items(get(token)) == ["another", "pencil"]


def test_another_order_with_the_same_key_is_refused(
    issuer: Issuer, client: FlaskClient, get: Get
) -> None:
    token = issuer.customer(scope=BOTH)
    place(client, token, **{"Idempotency-Key": "a"})
    answer = place(client, token, "pen", **{"Idempotency-Key": "a"})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert items(get(token)) == ["pencil"]


def test_each_caller_has_its_own_keys(issuer: Issuer, client: FlaskClient, get: Get) -> None:
    for caller in ("acme", "globex"):
        token = issuer.customer(caller, BOTH)
        assert place(client, token, caller, **{"Idempotency-Key": "a"}).status_code == 201
        assert items(get(token)) == [caller]


def test_orders_without_key_are_not_the_same(issuer: Issuer, client: FlaskClient, get: Get) -> None:
    token = issuer.customer(scope=BOTH)
    for _ in range(2):
        place(client, token)
    assert items(get(token)) == ["pencil", "pencil"]


@pytest.mark.parametrize("key", ["", "a b", "ä", "a\tb", "a,b", "a" * 256])
def test_refuses_a_malformed_key(issuer: Issuer, client: FlaskClient, get: Get, key: str) -> None:
    token = issuer.customer(scope=BOTH)
    answer = place(client, token, **{"Idempotency-Key": key})
    assert answer.status_code == 400
    [error] = answer.get_json(force=True)["errors"]
    assert error["header"] == "Idempotency-Key"
    assert items(get(token)) == []


def test_refuses_two_keys(issuer: Issuer, environment: dict[str, str]) -> None:
    token = issuer.customer(scope=BOTH)
    body = json.dumps({"item": "pencil", "quantity": 2})
    with running_server(environment) as server:
        two = {"Idempotency-Key": "a", "idempotency-key": "b"}
        assert server.call("POST", "/orders", token, body, **two)[0] == 400


def test_simultaneous_requests_place_one_order(issuer: Issuer, environment: dict[str, str]) -> None:
    token = issuer.customer(scope=BOTH)
    body = json.dumps({"item": "pencil", "quantity": 2})
    with running_server(environment) as server, ThreadPoolExecutor(8) as pool:

        def post(_: int) -> tuple[int, str, str]:
            return server.call("POST", "/orders", token, body, **{"Idempotency-Key": "a"})

        answers = set(pool.map(post, range(40)))
        listed = json.loads(server.call("GET", "/orders", token)[2])
    assert [status for status, _, _ in answers] == [201]
    assert len(listed["orders"]) == 1
