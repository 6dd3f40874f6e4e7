"""The database's files, and answers while it cannot be used."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orders_api import database
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


def test_a_damaged_database_is_unavailable(
    issuer: Issuer, client: FlaskClient, get: Get, other: sqlite3.Connection
) -> None:
    other.execute("DROP TABLE orders")
    token = issuer.customer(scope=BOTH)
    assert_unavailable(get(token))
    assert_unavailable(place(client, token))
    assert_unavailable(client.get("/healthz"))


def test_only_the_owner_of_the_files_can_read_them(
    issuer: Issuer, client: FlaskClient, environment: dict[str, str]
) -> None:
    place(client, issuer.customer(scope=BOTH))
    path = Path(environment["DATABASE_PATH"])
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == {path.name + suffix: 0o600 for suffix in ("", "-wal", "-shm")}
