"""Tests of what the client sends, repeats and shares between threads, with odd servers."""

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import patience
from orders_client import OrdersClient, Refused, Unavailable

Answer = tuple[int, dict[str, Any]]
TOKEN: Answer = (200, {"access_token": "abc", "expires_in": 300})
PAGE: Answer = (200, {"orders": [], "next": None})


class Servers:
    """A token endpoint and an API, which play their answers in order and repeat the last one."""

    def __init__(self) -> None:
        self.token = [TOKEN]
        self.api = [PAGE]
        self.headers: dict[str, str] = {}
        self.requests: list[str] = []
        self.credentials: list[str] = []
        self.keys: list[str] = []
        self.drips = False
        servers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answers = servers.token if self.path == "/token" else servers.api
                before = servers.requests.count(self.path)
                servers.requests.append(self.path)
                if self.path == "/token":
                    _, encoded = self.headers["Authorization"].split()
                    servers.credentials.append(base64.b64decode(encoded).decode())
                servers.keys.append(self.headers.get("Idempotency-Key", ""))
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if servers.drips:
                    self.drip()
                    return
                status, body = answers[min(before, len(answers) - 1)]
                content = json.dumps(body).encode()
                self.send_response(status)
                for name, value in servers.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def drip(self) -> None:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                # the client closes the connection
                with suppress(OSError):
                    while servers.drips:
                        self.wfile.write(b" ")
                        time.sleep(0.02)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()

    def close(self) -> None:
        self.drips = False
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def servers() -> Iterator[Servers]:
    servers = Servers()
    yield servers
    servers.close()


def client(
    servers: Servers, retry_seconds: float = 0, client_secret: str = "secret"
) -> OrdersClient:
    return OrdersClient(
        token_url=f"{servers.url}/token",
        client_id="globex",
        client_secret=client_secret,
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
    with client(servers, client_secret="a:b% +ü") as orders:
        orders.list()
    assert servers.credentials == ["globex:a%3Ab%25+%2B%C3%BC"]


def test_each_order_has_a_key_and_its_repetition_has_the_same(servers: Servers) -> None:
    servers.api = [(503, {}), PAGE]
    with client(servers, retry_seconds=10) as orders:
        orders.place("pencil", 1)
        orders.place("pencil", 1)
    first, repeated, second = servers.keys[1:]
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
    settings = {"token_url": url, "client_id": "a", "client_secret": "b", "api_url": url}
    with pytest.raises(Unavailable), OrdersClient(**settings, retry_seconds=0) as orders:
        orders.list()
    assert not answered.is_set()
    answer.set()
