"""The rate limit: in memory for one process, in Redis for several."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orders_api import create_app
from orders_api.settings import Settings
from tests.conftest import FRONTEND, Get
from tests.issuer import Issuer
from tests.redis_server import free_port, running_redis
from tests.server import running_server

LIMIT = {"RATE_LIMIT": "3 per minute"}


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return environment | LIMIT


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


def test_no_minute_has_more_calls_than_the_limit(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issuer.customer()
    begin = time.time()

    def statuses(seconds: int, calls: int) -> list[int]:
        monkeypatch.setattr("time.time", lambda: begin + seconds)
        return [get(token).status_code for _ in range(calls)]

    assert statuses(0, 1) == [200]
    assert statuses(50, 3) == [200, 200, 429]
    answer = get(token)
    assert answer.headers["Retry-After"] == "10"
    assert statuses(61, 2) == [200, 429]
    assert statuses(111, 3) == [200, 200, 429]


@pytest.fixture(params=["refuses connections", "never answers"])
def broken_redis(request: pytest.FixtureRequest) -> Iterator[tuple[str, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        uri = f"redis://127.0.0.1:{listening.getsockname()[1]}"
        if request.param == "refuses connections":
            listening.close()
        yield uri, listening


def test_refuses_calls_that_cannot_be_counted(
    issuer: Issuer, environment: dict[str, str], broken_redis: tuple[str, socket.socket]
) -> None:
    uri, listening = broken_redis
    settings = Settings.from_environment(environment | {"RATE_LIMIT_STORAGE_URI": uri})
    client = create_app(settings).test_client()
    headers = {"Authorization": f"Bearer {issuer.customer()}"}
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.get, "/orders", headers=headers)
        try:
            answer = call.result(20)
        finally:
            # ends a call that would wait for ever
            listening.close()
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) >= 1


def test_processes_share_the_limit_in_redis(
    issuer: Issuer, environment: dict[str, str], tmp_path: Path
) -> None:
    port = free_port()
    shared = environment | {"RATE_LIMIT_STORAGE_URI": f"redis://127.0.0.1:{port}"}
    acme, globex = issuer.customer("acme"), issuer.customer("globex")

    def statuses(token: str) -> list[int]:
        return [server.call("GET", "/orders", token)[0] for server in (one, other) * 2]

    with running_server(shared) as one, running_server(shared) as other:
        with running_redis(tmp_path, port):
            assert statuses(acme) == [200, 200, 200, 429]
            assert statuses(globex) == [200, 200, 200, 429]
        assert statuses(acme) == [503] * 4
        with running_redis(tmp_path, port):
            assert statuses(acme) == [200, 200, 200, 429]
