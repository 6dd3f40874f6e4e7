"""Creating, reading and listing orders."""

import json
import re
import sys
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import orders_api
from orders_api.orders import VISIBLE, NewOrder
from tests.conftest import Get
from tests.issuer import Issuer

BOTH = "orders:read orders:write"


def place(client: FlaskClient, token: str, item: str = "pencil", **headers: str) -> TestResponse:
    return client.post(
        "/orders",
        json={"item": item, "quantity": 2},
        headers={"Authorization": f"Bearer {token}"} | headers,
    )


def items(answer: TestResponse) -> list[str]:
    assert answer.json is not None
    return [order["item"] for order in answer.json["orders"]]


def test_a_created_order_can_be_read_at_its_location(
    issuer: Issuer, client: FlaskClient, get: Get
) -> None:
    answer = place(client, issuer.customer(scope=BOTH))
    assert answer.status_code == 201
    order = answer.json
    assert order is not None
    assert order.keys() == {"id", "item", "quantity", "createdAt"}
    assert answer.headers["Location"] == f"/orders/{order['id']}"
    assert get(issuer.customer(), answer.headers["Location"]).json == order
    assert get(issuer.customer()).json == {"orders": [order], "next": None}


def test_pages_contain_each_order_once(issuer: Issuer, client: FlaskClient, get: Get) -> None:
    token = issuer.customer(scope=BOTH)
    for number in range(5):
        place(client, token, str(number))
        place(client, issuer.customer("globex", BOTH))
    seen, path = [], "/orders?limit=2"
    while True:
        page = get(token, path)
        seen.append(items(page))
        assert page.json is not None
        if page.json["next"] is None:
            break
        # upper case is the same UUID (RFC 9562, section 4)
        path = f"/orders?limit=2&before={page.json['next'].upper()}"
    assert seen == [["4", "3"], ["2", "1"], ["0"]]
    assert (get(token, "/orders?limit=5").json or {})["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=101", "limit=x", "limit=", "limit=1&limit=2", "x=1"),
        *("limit=1_0", "limit=%2B5", "limit=5.0", "limit=05", "limit=%205", "limit=5%0A"),
        *("before=", "before=x", "before=00000000-0000-4000-8000-000000000000"),
    ],
)
def test_refuses_an_invalid_query(issuer: Issuer, get: Get, query: str) -> None:
    answer = get(issuer.customer(), f"/orders?{query}")
    assert answer.status_code == 400
    [error] = answer.get_json(force=True)["errors"]
    assert error["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"item": "a"}', "#/quantity"),
        ('{"quantity": 1}', "#/item"),
        ('{"item": "", "quantity": 1}', "#/item"),
        *((json.dumps({"item": f"a{character}", "quantity": 1}), "#/item")
          for character in "\0\n\x9b\u202e\U000e0041"),
        (json.dumps({"item": "a" * 201, "quantity": 1}), "#/item"),
        ('{"item": 1, "quantity": 1}', "#/item"),
        *((f'{{"item": "a", "quantity": {value}}}', "#/quantity")
          for value in ("0", "-1", "1001", "1.5", '"1"', "true", "null", "1e400", "NaN")),
        ('{"item": "a", "quantity": 1, "a/b": 1}', "#/a~1b"),
        ("[]", "#"),
        ("{", "#"),
        ("", "#"),
        ('{"item": "\\ud800", "quantity": 1}', "#"),
    ],
)  # fmt: skip
def test_refuses_an_invalid_body(
    issuer: Issuer, client: FlaskClient, body: str, pointer: str
) -> None:
    answer = client.post(
        "/orders",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {issuer.customer(scope=BOTH)}"},
    )
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert [error["pointer"] for error in answer.get_json(force=True)["errors"]] == [pointer]


@pytest.mark.parametrize(("quantity", "kept"), [("1", 1), ("1000", 1000), ("2.0", 2)])
def test_accepts_whole_numbers(
    issuer: Issuer, client: FlaskClient, quantity: str, kept: int
) -> None:
    answer = client.post(
        "/orders",
        data=f'{{"item": "☃", "quantity": {quantity}}}',
        content_type="application/json",
        headers={"Authorization": f"Bearer {issuer.customer(scope=BOTH)}"},
    )
    assert answer.status_code == 201
    assert answer.json is not None
    assert (answer.json["item"], answer.json["quantity"]) == ("☃", kept)


def test_items_exclude_exactly_control_and_format_characters() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1)]
    refused = {character for character in characters if not re.search(VISIBLE, character)}
    invisible = {character for character in characters if category(character) in ("Cc", "Cf")}
    # a later Unicode may assign more characters than this Python knows
    assert invisible <= refused
    assert {category(character) for character in refused - invisible} <= {"Cn"}


def test_openapi_json_describes_the_validation() -> None:
    def rules(schema: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in schema.items() if key not in ("title", "description")}

    document = json.loads((Path(orders_api.__file__).parent / "openapi.json").read_text())
    described, validated = (
        document["components"]["schemas"]["NewOrder"],
        NewOrder.model_json_schema(),
    )
    assert described["additionalProperties"] is validated["additionalProperties"] is False
    assert described["required"] == validated["required"]
    assert {name: rules(schema) for name, schema in described["properties"].items()} == {
        name: rules(schema) for name, schema in validated["properties"].items()
    }
