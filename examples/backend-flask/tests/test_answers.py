"""Properties of all responses: problem details, CORS, caching."""

import logging

import pytest
from flask.testing import FlaskClient

from orders_api import create_app
from orders_api.orders import Orders
from orders_api.settings import Settings
from tests.conftest import FRONTEND, Get
from tests.issuer import Issuer


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (400, "{", "application/json"),
        (413, "{" * 20_000, "application/json"),
        (415, "{}", "text/plain"),
        (415, "", ""),
    ],
)
def test_a_refused_order_is_a_problem(
    issuer: Issuer, client: FlaskClient, status: int, body: str, content_type: str
) -> None:
    token = issuer.customer(scope="orders:write")
    headers = {"Authorization": f"Bearer {token}", "Origin": FRONTEND}
    answer = client.post("/orders", headers=headers, data=body, content_type=content_type)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == FRONTEND


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", "/orders//00000000-0000-4000-8000-000000000000", 404),
        ("GET", "/orders/", 404),
        ("GET", "/orders/1", 404),
        ("PUT", "/orders", 405),
        ("DELETE", "/healthz", 405),
    ],
)
def test_a_wrong_address_is_a_problem(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method, headers={"Origin": FRONTEND})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == FRONTEND
    assert ("Allow" in answer.headers) is (status == 405)


def test_an_unexpected_error_is_a_problem_without_details(
    issuer: Issuer,
    client: FlaskClient,
    get: Get,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("inner detail")

    monkeypatch.setattr(Orders, "list", fail)
    answer = get(issuer.customer(), Origin=FRONTEND)
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == FRONTEND
    assert "inner detail" not in answer.text
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.exc_info is not None for record in errors] == [True]


def test_cors_allows_only_the_frontend(issuer: Issuer, get: Get) -> None:
    answer = get(issuer.customer(), Origin=FRONTEND)
    assert answer.headers["Access-Control-Allow-Origin"] == FRONTEND
    assert "Access-Control-Allow-Credentials" not in answer.headers
    exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed == {"Location", "Retry-After", "WWW-Authenticate", "X-Request-ID"}
    others = ["https://evil.example", f"{FRONTEND}.evil.example", "http://app.example.com"]
    for other in [*others, "https://app-example.com"]:
        assert "Access-Control-Allow-Origin" not in get(issuer.customer(), Origin=other).headers


def test_a_browser_may_send_a_token_and_json(client: FlaskClient) -> None:
    headers = {
        "Origin": FRONTEND,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
    }
    answer = client.options("/orders", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == FRONTEND
    assert answer.headers["Access-Control-Allow-Headers"] == (
        "authorization, content-type, idempotency-key"
    )
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


def test_an_origin_with_an_ipv6_address_is_not_a_pattern(environment: dict[str, str]) -> None:
    origin = "http://[::1]:5173"
    app = create_app(Settings.from_environment(environment | {"FRONTEND_ORIGIN": origin}))
    for sent, is_allowed in ((origin, True), ("http://1:5173", False)):
        answer = app.test_client().get("/healthz", headers={"Origin": sent})
        assert ("Access-Control-Allow-Origin" in answer.headers) is is_allowed


@pytest.mark.parametrize("path", ["/orders", "/healthz", "/nothing"])
def test_forbids_caching_and_showing_as_a_page(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_problem_lists_at_most_20_errors(issuer: Issuer, client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {issuer.customer(scope='orders:write')}"}
    answer = client.post("/orders", headers=headers, json={str(n): 1 for n in range(1000)})
    assert answer.status_code == 400
    assert len(answer.get_json(force=True)["errors"]) == 20


def test_the_place_of_an_order_has_the_proxys_prefix(
    issuer: Issuer, client: FlaskClient, behind_proxy: FlaskClient
) -> None:
    headers = {
        "Authorization": f"Bearer {issuer.customer(scope='orders:write')}",
        "X-Forwarded-Prefix": "/shop",
    }
    for called, prefix in ((behind_proxy, "/shop/orders/"), (client, "/orders/")):
        answer = called.post("/orders", headers=headers, json={"item": "pencil", "quantity": 1})
        assert answer.headers["Location"].startswith(prefix)


def test_reports_its_health(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
