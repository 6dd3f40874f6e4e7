"""The database's files, and answers while it cannot be used."""

import json
import logging
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orders_api import database
from orders_api.call_log import JsonLines
from tests.conftest import Get
from tests.issuer import Issuer
from tests.test_orders import BOTH, items, place


def assert_unavailable(answer: TestResponse) -> None:
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.fixture
def other(
    client: FlaskClient, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[sqlite3.Connection]:
    """The connection of another process."""
    monkeypatch.setattr(database, "LOCK_TIMEOUT", 0.01)
    with closing(sqlite3.connect(environment["DATABASE_PATH"], isolation_level=None)) as other:
        yield other


def test_a_locked_database_can_be_read_and_a_repetition_may_succeed(
    issuer: Issuer, client: FlaskClient, get: Get, other: sqlite3.Connection
) -> None:
    token = issuer.customer(scope=BOTH)
    key = {"Idempotency-Key": "a"}
    other.execute("BEGIN IMMEDIATE")
    assert_unavailable(place(client, token, **key))
    assert items(get(token)) == []
    other.execute("ROLLBACK")
    assert place(client, token, **key).status_code == 201
    assert items(get(token)) == ["pencil"]


def test_many_threads_write_without_locking_each_other_out(
    issuer: Issuer, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def connect_without_timeout(path: Path, **arguments: Any) -> Any:
        return connect(path, **arguments | {"timeout": 0})

    # so a thread that meets SQLite's own lock fails at once
    monkeypatch.setattr(sqlite3, "connect", connect_without_timeout)
    token = issuer.customer(scope=BOTH)

    def write(_: int) -> set[int]:
        own = client.application.test_client()
        return {place(own, token).status_code for _ in range(10)}

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(write, range(16))) == [{201}] * 16


def test_a_damaged_database_is_unavailable(
    issuer: Issuer,
    client: FlaskClient,
    get: Get,
    environment: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "orders_api")
    caplog.handler.setFormatter(JsonLines())
    Path(environment["DATABASE_PATH"]).write_bytes(b"x" * 5000)
    token = issuer.customer(scope=BOTH)
    for answer in (get(token), place(client, token), client.get("/healthz")):
        assert_unavailable(answer)
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    assert len({line["request_id"] for line in lines}) == 3
    for error, call in zip(lines[::2], lines[1::2], strict=True):
        assert error["request_id"] == call["request_id"]
        assert "not a database" in error["message"]
        assert call["reason"] == "The database cannot be used at the moment."


def test_a_bug_does_not_look_like_an_outage(
    issuer: Issuer,
    client: FlaskClient,
    get: Get,
    other: sqlite3.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other.execute("DROP TABLE orders")
    token = issuer.customer(scope=BOTH)
    assert {get(token).status_code, place(client, token).status_code} == {500}
    assert caplog.text.count("no such table: orders") == 2


def test_only_the_owner_of_the_files_can_read_them(
    issuer: Issuer, client: FlaskClient, environment: dict[str, str]
) -> None:
    place(client, issuer.customer(scope=BOTH))
    path = Path(environment["DATABASE_PATH"])
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == {path.name + suffix: 0o600 for suffix in ("", "-wal", "-shm")}
