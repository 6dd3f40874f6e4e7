"""Tests of what the client sends, repeats and shares between threads, with odd servers."""

import base64
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import patience
from authentication import client_secret
from orders_client import OrdersClient, Refused, Unavailable
from stub_servers import PAGE, Servers


def client(servers: Servers, retry_seconds: float = 0, secret: str = "secret") -> OrdersClient:
    return OrdersClient(
        token_url=f"{servers.url}/token",
        client_id="globex",
        authentication=client_secret("globex", secret),
        api_url=servers.url,
        retry_seconds=retry_seconds,
    )


def outcomes(call: Callable[[], object]) -> list[type]:
    """The types of what six threads get from the same call at the same time."""
    together = threading.Barrier(6)

    def outcome(_: int) -> type:
        together.wait()
        try:
            return type(call())
        except Exception as error:
            return type(error)

    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(outcome, range(6)))


def test_threads_share_a_token(servers: Servers) -> None:
    with client(servers) as orders:
        assert outcomes(orders.list) == [dict] * 6
        orders.list()
    assert servers.requests.count("/token") == 1


def test_threads_share_the_failure_of_a_token_request(servers: Servers) -> None:
    servers.token = [(503, {})]
    with client(servers, retry_seconds=3) as orders:
        assert outcomes(orders.list) == [Unavailable] * 6
    # two attempts fit into three seconds, and no thread starts again
    assert servers.requests == ["/token"] * 2


def test_a_server_that_drips_is_left(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LIMIT", 0.1)
    servers.drips = True
    with client(servers) as orders, pytest.raises(Unavailable, match="no answer in time"):
        orders.list()


@pytest.mark.parametrize(("lifetime", "seconds"), [(300, 270), (None, 54), (-1, 54), ("300", 54)])
def test_a_token_is_used_for_90_percent_of_its_lifetime(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, lifetime: object, seconds: int
) -> None:
    servers.token = [(200, {"access_token": "abc", "expires_in": lifetime})]
    start = time.monotonic()
    with client(servers) as orders:
        orders.list()
        for later, tokens in ((seconds - 1, 1), (seconds + 1, 2)):
            monkeypatch.setattr("orders_client.time.monotonic", lambda now=start + later: now)
            orders.list()
            assert servers.requests.count("/token") == tokens


def test_a_token_that_the_api_refuses_is_renewed_once(servers: Servers) -> None:
    servers.api = [(401, {}), PAGE, (401, {})]
    with client(servers) as orders:
        orders.list()
        assert servers.requests == ["/token", "/orders"] * 2
        with pytest.raises(Refused, match="refuses a new token"):
            orders.list()


def test_a_with_statement_ends_its_thread(servers: Servers) -> None:
    with client(servers) as orders:
        orders.list()
    with pytest.raises(RuntimeError, match="not running"):
        orders.list()


def test_id_and_secret_are_form_encoded(servers: Servers) -> None:
    with client(servers, secret="a:b% +ü") as orders:
        orders.list()
    _, encoded = servers.received[0]["Authorization"].split()
    assert base64.b64decode(encoded).decode() == "globex:a%3Ab%25+%2B%C3%BC"


def test_each_order_has_a_key_and_its_repetition_has_the_same(servers: Servers) -> None:
    servers.api = [(503, {}), PAGE]
    with client(servers, retry_seconds=10) as orders:
        orders.place("pencil", 1)
        orders.place("pencil", 1)
    first, repeated, second = (each["Idempotency-Key"] for each in servers.received[1:])
    assert first == repeated != second
    assert first and second


def test_an_order_that_may_be_placed_is_to_be_looked_for(servers: Servers) -> None:
    servers.api = [(503, {})]
    with client(servers) as orders, pytest.raises(Unavailable, match="list your orders before"):
        orders.place("pencil", 1)


@pytest.mark.parametrize("asked", ["7200", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_a_server_that_asks_for_a_long_pause_is_left(servers: Servers, asked: str) -> None:
    servers.token, servers.headers = [(503, {})], {"Retry-After": asked}
    with client(servers, retry_seconds=60) as orders, pytest.raises(Unavailable, match="asks to"):
        orders.list()
    assert servers.requests == ["/token"]


@pytest.mark.parametrize(("asked", "least"), [(None, 4), (0, 4), (60, 60)])
def test_a_pause_is_random_and_as_long_as_the_server_asks(asked: float | None, least: int) -> None:
    pauses = {patience.pause(3, asked) for _ in range(100)}
    assert len(pauses) > 1
    assert least <= min(pauses) <= max(pauses) <= least + 4


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:1", "socks5://127.0.0.1:1", "odd:proxy"])
def test_this_machine_is_reached_without_a_proxy(
    servers: Servers, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy)
    with client(servers) as orders:
        orders.list()


def test_a_hanging_name_server_delays_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, answered = threading.Event(), threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        answer.wait(10)
        answered.set()
        return []

    monkeypatch.setattr(patience, "LIMIT", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    url = "http://localhost:1"
    orders = OrdersClient(
        token_url=url,
        client_id="a",
        authentication=client_secret("a", "b"),
        api_url=url,
        retry_seconds=0,
    )
    with pytest.raises(Unavailable), orders:
        orders.list()
    assert not answered.is_set()
    answer.set()
