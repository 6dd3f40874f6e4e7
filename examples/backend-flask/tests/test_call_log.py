"""The call log: one line per call, without tokens, not forgeable by callers."""

import json
import logging
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from orders_api.call_log import JsonLines
from tests.conftest import Get
from tests.issuer import Issuer


@pytest.fixture(autouse=True)
def level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "orders_api")
    caplog.handler.setFormatter(JsonLines())


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in caplog.text.split("\n") if line]


def test_logs_caller_permission_method_path_and_status(
    issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    get(issuer.customer("acme"))
    get(issuer.user("ann", scope="openid"))
    get("rubbish")
    calls = [{key: value for key, value in line.items() if key not in ("time", "ms")}
             for line in lines(caplog)]  # fmt: skip
    usual = {"level": "info", "message": "call", "permission": "orders:read", "method": "GET"}
    assert calls == [
        usual | {"caller": "customer:acme", "path": "/orders", "status": 200},
        usual | {"caller": "user:ann", "path": "/orders", "status": 403},
        usual | {"caller": None, "path": "/orders", "status": 401},
    ]


def test_contains_no_token_wherever_it_was_sent(
    issuer: Issuer, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    token = issuer.customer()
    for path in ("/orders", f"/{token}", f"/orders/{token}", f"/orders?access_token={token}"):
        for headers in ({"Authorization": f"Bearer {token}"}, {"Authorization": token}):
            client.get(path, headers=headers)
    assert len(lines(caplog)) == 8
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
