"""The call log: one line per call, without tokens, not forgeable by callers."""

import json
import logging
import re
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from orders_api import create_app
from orders_api.call_log import JsonLines
from orders_api.orders import Orders
from orders_api.settings import Settings
from tests.conftest import Get
from tests.issuer import Issuer


@pytest.fixture(autouse=True)
def level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "orders_api")
    caplog.handler.setFormatter(JsonLines())


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in caplog.text.split("\n") if line]


def test_logs_who_called_what_and_why_it_was_refused(
    issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    get(issuer.customer("acme"))
    get(issuer.user("ann", scope="openid"))
    get("rubbish")
    calls = [
        {key: value for key, value in line.items() if key not in ("time", "ms", "request_id")}
        for line in lines(caplog)
    ]
    usual = {"level": "info", "message": "call", "permission": "orders:read", "method": "GET"}
    usual |= {"address": "127.0.0.1", "path": "/orders"}
    scope = "The token's scope lacks orders:read."
    assert calls == [
        usual | {"caller": "customer:acme", "status": 200, "reason": None},
        usual | {"caller": "user:ann", "status": 403, "reason": scope},
        usual | {"caller": None, "status": 401, "reason": "The token is not valid."},
    ]


def test_refusals_of_different_kinds_can_be_counted(
    issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    for token in (issuer.customer(exp=1), issuer.customer(aud="x"), issuer.customer(iss="x"), ""):
        get(token)
    assert len({line["reason"] for line in lines(caplog)}) == 4


def test_an_unexpected_error_has_the_id_of_its_call(
    issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Orders, "list", None)
    answer = get(issuer.customer())
    ids = [line["request_id"] for line in lines(caplog)]
    assert ids == [answer.headers["X-Request-ID"]] * 2


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("203.0.113.9, 192.0.2.1", "192.0.2.1"),
        ("rubbish", None),
    ],
)
def test_trusts_addresses_of_the_nearest_proxy_only(
    client: FlaskClient,
    behind_proxy: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    forwarded: str,
    address: str | None,
) -> None:
    for called in (behind_proxy, client):
        called.get("/healthz", headers={"X-Forwarded-For": forwarded})
    assert [line["address"] for line in lines(caplog)] == [address, "127.0.0.1"]


def test_behind_two_proxies_the_second_last_address_is_the_callers(
    environment: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings.from_environment(environment | {"TRUSTED_PROXIES": "2"}))
    forwarded = "203.0.113.9, 192.0.2.1, 198.51.100.1"
    app.test_client().get("/healthz", headers={"X-Forwarded-For": forwarded})
    assert [line["address"] for line in lines(caplog)] == ["192.0.2.1"]


def test_a_call_has_the_id_that_the_proxy_gave_it(
    client: FlaskClient, behind_proxy: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    given = uuid.uuid4().hex
    answer = behind_proxy.get("/healthz", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given
    for called, odd in ((client, given), (behind_proxy, "a b c d e f"), (behind_proxy, "x" * 37)):
        answer = called.get("/healthz", headers={"X-Request-ID": odd})
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-ID"])
    assert lines(caplog)[0]["request_id"] == given


def test_contains_no_token_wherever_it_was_sent(
    issuer: Issuer, behind_proxy: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    token = issuer.customer()
    for path in ("/orders", f"/{token}", f"/orders/{token}", f"/orders?access_token={token}"):
        for name in ("Authorization", "X-Forwarded-For", "X-Request-ID", "X-Forwarded-Prefix"):
            for value in (f"Bearer {token}", token):
                behind_proxy.get(path, headers={name: value})
                behind_proxy.post(path, headers={name: value}, data=token)
    assert len(lines(caplog)) == 64
    for part in token.split("."):
        assert part[:40] not in caplog.text
        assert part[-40:] not in caplog.text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028", "\x00", '"', "\x1b[2K"])
def test_a_caller_cannot_forge_a_line(
    client: FlaskClient, end: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = f'/x{end}{{"caller": "customer:acme"}}'
    client.get(quote(path))
    assert len(caplog.text.splitlines()) == 1
    [line] = lines(caplog)
    assert (line["caller"], line["path"]) == (None, path)
    assert caplog.text.strip().isprintable()


def test_truncates_a_long_path(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/a" * 2000)
    [line] = lines(caplog)
    assert line["path"] == "/a" * 100


def test_a_traceback_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError as error:
        logging.getLogger("orders_api").error("unexpected error", exc_info=error)
    [line] = lines(caplog)
    assert "ValueError: first\nsecond" in line["exception"]
