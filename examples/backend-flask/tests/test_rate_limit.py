"""The rate limit in one process. Two processes: test_server.py."""

import sqlite3
import time
from pathlib import Path

import pytest
from limits.storage import storage_from_string

from orders_api.rate_limit import SqliteStorage
from tests.conftest import FRONTEND, Get
from tests.issuer import Issuer


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | {"RATE_LIMIT": "3 per minute"}


def test_a_call_over_the_limit_gets_a_time_to_wait(issuer: Issuer, get: Get) -> None:
    token = issuer.customer()
    assert [get(token).status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = get(token, Origin=FRONTEND)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["Access-Control-Allow-Origin"] == FRONTEND


def test_each_caller_has_its_own_limit(issuer: Issuer, get: Get) -> None:
    for token in (issuer.customer("acme"), issuer.customer("globex"), issuer.user("acme")):
        assert [get(token).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_new_token_does_not_reset_the_limit(issuer: Issuer, get: Get) -> None:
    answers = [get(issuer.customer(jti=str(n)), f"/orders?limit={n + 1}") for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]


def test_a_call_without_permission_counts(issuer: Issuer, get: Get) -> None:
    token = issuer.customer(scope="orders:write")
    assert [get(token).status_code for _ in range(4)] == [403, 403, 403, 429]


def test_a_call_with_an_invalid_token_does_not_count(issuer: Issuer, get: Get) -> None:
    for _ in range(5):
        assert get(issuer.customer(exp=1)).status_code == 401
    assert get(issuer.customer()).status_code == 200


def test_the_limit_ends_with_its_window(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer.customer(exp=int(time.time()) + 600)
    assert [get(token).status_code for _ in range(4)][-1] == 429
    later = time.time() + 61
    monkeypatch.setattr("orders_api.rate_limit.time.time", lambda: later)
    assert get(token).status_code == 200


def test_refuses_calls_that_cannot_be_counted(
    issuer: Issuer, get: Get, environment: dict[str, str]
) -> None:
    path = environment["RATE_LIMIT_STORAGE_URI"].removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE windows")
    connection.close()
    answer = get(issuer.customer())
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")


def test_the_storage_implements_the_interface_of_limits(tmp_path: Path) -> None:
    storage = storage_from_string(f"sqlite:///{tmp_path}/windows.sqlite")
    assert isinstance(storage, SqliteStorage)
    assert storage.check()
    assert [storage.incr("a", 60), storage.incr("a", 60, 2), storage.incr("b", 60)] == [1, 3, 1]
    assert (storage.get("a"), storage.get("c")) == (3, 0)
    assert 50 < storage.get_expiry("a") - time.time() <= 60
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)
    assert storage.reset() == 1


def test_the_storage_deletes_expired_windows(tmp_path: Path) -> None:
    storage = SqliteStorage(f"sqlite:///{tmp_path}/windows.sqlite")
    storage.incr("a", 0)
    storage.incr("b", 60)
    assert storage.reset() == 1
