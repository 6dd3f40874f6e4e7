"""Tests of what threads share, and of how long a call lasts, with odd servers of their own."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
        self.requests: list[str] = []
        self.drips = False
        servers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answers = servers.token if self.path == "/token" else servers.api
                before = servers.requests.count(self.path)
                servers.requests.append(self.path)
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if servers.drips:
                    self.drip()
                status, body = answers[min(before, len(answers) - 1)]
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def drip(self) -> None:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while servers.drips:
                    self.wfile.write(b" ")
                    time.sleep(0.02)

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


def client(servers: Servers, retry_seconds: float = 0) -> OrdersClient:
    return OrdersClient(
        token_url=f"{servers.url}/token",
        client_id="globex",
        client_secret="secret",
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
