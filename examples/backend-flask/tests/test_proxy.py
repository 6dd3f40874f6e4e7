"""The API and a page behind the sample proxy, with callers that try to slow others down.

Linux accepts calls from any address of 127.0.0.0/8, so each address can be another caller.
"""

import dataclasses
import json
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import quote

import pytest

from tests.conftest import FRONTEND
from tests.holder import Certificate
from tests.issuer import AUDIENCE, FIRST, SECOND, Issuer, running_issuer
from tests.proxy import API, PAGE, Proxy, running_proxy
from tests.server import running_server

# A fetch that hangs lasts longer than callers wait, so a test can tell who waits for it.
CONFIGURATION = """
from runpy import run_path
from orders_api import signing_keys
globals().update(run_path("gunicorn.conf.py"))
signing_keys.TIMEOUT = 60.0
"""
ORDER = json.dumps({"item": "pencil", "quantity": 2})
BOTH = "orders:read orders:write"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def proxy(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder = tmp_path_factory.mktemp("proxy")
    (folder / "page/assets").mkdir(parents=True)
    (folder / "page/index.html").write_text("<h1>Orders</h1>")
    (folder / "page/assets/index-1a2b.js").write_text("1")
    environment = {
        "OIDC_ISSUER": issuer.url,
        "OIDC_AUDIENCE": AUDIENCE,
        "FRONTEND_ORIGIN": FRONTEND,
        "DATABASE_PATH": f"{folder}/orders.sqlite",
        "RATE_LIMIT": "10000 per minute",
        "TRUSTED_PROXIES": "1",
        "CLIENT_CERTIFICATE_HEADER": "X-Client-Certificate",
    }
    (folder / "gunicorn.conf.py").write_text(CONFIGURATION)
    arguments = ["--config", f"{folder}/gunicorn.conf.py", "--bind", "127.0.0.1:0"]
    with (
        running_server(environment, *arguments) as server,
        running_proxy(folder, server.port) as proxy,
    ):
        yield proxy


def expect_orders(proxy: Proxy, token: str) -> None:
    """A caller of another address reads and writes while others are slow."""
    for _ in range(10):
        assert proxy.call("GET", "/orders", token)[0].status == 200
    assert proxy.call("POST", "/orders", token, ORDER)[0].status == 201


def logged(proxy: Proxy, address: str) -> dict[str, object]:
    """The first call from an address. nginx logs a call after its answer, so this waits for it."""
    for _ in range(1000):
        lines = (proxy.folder / "calls.log").read_text().splitlines(keepends=True)
        calls: list[dict[str, object]] = [json.loads(line) for line in lines if line[-1] == "\n"]
        found = [call for call in calls if call["address"] == address]
        if found:
            return found[0]
        time.sleep(0.01)
    raise AssertionError(f"no call from {address} is logged")


def send_slowly(connections: list[socket.socket], data: bytes) -> int:
    """Sends a byte a second while any connection is open. Returns how many are, in the end."""
    for byte in data:
        if not connections:
            break
        for connection in list(connections):
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                connections.remove(connection)
        time.sleep(1)
    return len(connections)


def test_slow_headers_keep_nobody_waiting(issuer: Issuer, proxy: Proxy) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        slow = [stack.enter_context(proxy.connect("127.0.0.2")) for _ in range(64)]
        for connection in slow:
            connection.sendall(b"GET /orders HTTP/1.1\r\nHost: api.example.com\r\nX-A: ")
        sending = pool.submit(send_slowly, list(slow), b"a" * 10)
        expect_orders(proxy, issuer.customer(scope=BOTH))
        assert sending.result() == 0


def test_silent_connections_of_one_address_keep_nobody_waiting(
    issuer: Issuer, proxy: Proxy
) -> None:
    with ExitStack() as stack:
        connection = stack.enter_context(closing(HTTPConnection(API)))
        connection.sock = proxy.connect()
        for count in (0, 1100):
            # without room, nginx closes the connection that is idle for longest
            for _ in range(count):
                address = ("127.0.0.7", 0)
                silent = socket.create_connection(("127.0.0.1", proxy.port), 10, address)
                stack.enter_context(silent).sendall(b"\x16")
            expect_orders(proxy, issuer.customer(scope=BOTH))
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()


def test_slow_bodies_keep_nobody_waiting(issuer: Issuer, proxy: Proxy) -> None:
    token = issuer.customer("slow", scope=BOTH)
    headers = (
        "POST /orders HTTP/1.1\r\nHost: api.example.com\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: 1000\r\n\r\n"
    )
    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        addresses = [f"127.0.1.{1 + n // 8}" for n in range(64)]
        slow = [stack.enter_context(proxy.connect(address)) for address in addresses]
        for connection in slow:
            connection.sendall(headers.encode() + ORDER.encode())
        sending = pool.submit(send_slowly, list(slow), b"  ")
        expect_orders(proxy, issuer.customer(scope=BOTH))
        assert sending.result() == 64


@contextmanager
def invented_key_ids(issuer: Issuer, proxy: Proxy) -> Iterator[None]:
    """Sends tokens with key ids that no issuer has, from 16 addresses, until the block ends."""
    done = Event()
    token = issuer.sign(issuer.claims(), kid="invented")

    def send(address: str) -> None:
        while not done.wait(0.05):
            assert proxy.call("GET", "/orders", token, address=address)[0].status in (401, 503)

    with ThreadPoolExecutor(16) as pool:
        sending = [pool.submit(send, f"127.0.2.{n}") for n in range(1, 17)]
        try:
            yield
        finally:
            done.set()
        for sender in sending:
            sender.result()


def test_invented_key_ids_delay_nobody_while_the_issuer_hangs(issuer: Issuer, proxy: Proxy) -> None:
    token = issuer.customer(scope=BOTH)
    expect_orders(proxy, token)
    asked, over = issuer.hang(then_answer=False)
    with invented_key_ids(issuer, proxy):
        try:
            assert asked.wait(30)
            expect_orders(proxy, token)
        finally:
            issuer.before = lambda _: False
            over.set()


def test_invented_key_ids_do_not_refuse_a_new_key(issuer: Issuer, proxy: Proxy) -> None:
    expect_orders(proxy, issuer.customer(scope=BOTH))
    with invented_key_ids(issuer, proxy):
        issuer.keys = [SECOND, FIRST]
        token = issuer.customer()
        deadline = time.monotonic() + 30
        statuses = set()
        while 200 not in statuses and time.monotonic() < deadline:
            statuses.add(proxy.call("GET", "/orders", token)[0].status)
            time.sleep(0.1)
    assert statuses in ({200}, {200, 503})


def test_an_address_cannot_hold_many_calls(issuer: Issuer, proxy: Proxy) -> None:
    start = b"POST /orders HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 1000\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(proxy.connect("127.0.0.3")).sendall(start)
        assert proxy.call("GET", "/healthz", address="127.0.0.3")[0].status == 429
        assert proxy.call("GET", "/orders", issuer.customer())[0].status == 200


def test_a_flood_from_an_address_gets_429(issuer: Issuer, proxy: Proxy) -> None:
    with ThreadPoolExecutor(8) as pool:
        flood = pool.map(
            lambda _: proxy.call("GET", "/orders", "x", address="127.0.0.4")[0].status, range(200)
        )
        expect_orders(proxy, issuer.customer(scope=BOTH))
        assert set(flood) == {401, 429}


@pytest.mark.parametrize(
    "fields",
    [["X-A: " + "a" * 20_000], [f"X-{n}: {'a' * 4000}" for n in range(12)]],
    ids=["one large field", "many fields"],
)
def test_giant_headers_are_refused(issuer: Issuer, proxy: Proxy, fields: list[str]) -> None:
    lines = ["GET /orders HTTP/1.1", "Host: api.example.com", *fields, "", ""]
    with proxy.connect("127.0.0.5") as connection:
        connection.sendall("\r\n".join(lines).encode())
        assert connection.recv(12) == b"HTTP/1.1 400"
    assert proxy.call("GET", "/orders", issuer.customer())[0].status == 200


@pytest.mark.parametrize(("size", "status"), [(16_384, 201), (16_385, 413), (32_769, 413)])
def test_chunked_bodies_are_bounded(issuer: Issuer, proxy: Proxy, size: int, status: int) -> None:
    body = ORDER.ljust(size).encode()
    chunks = (body[start : start + 4096] for start in range(0, size, 4096))
    answer, _ = proxy.call("POST", "/orders", issuer.customer(scope=BOTH), chunks)
    assert answer.status == status


def test_the_proxy_replaces_what_a_client_sends_about_itself(issuer: Issuer, proxy: Proxy) -> None:
    own = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Prefix": "/a", "X-Request-ID": "a" * 32}
    token = issuer.customer(scope=BOTH)
    answer, _ = proxy.call("POST", "/orders", token, ORDER, address="127.0.0.6", **own)
    assert answer.headers["Location"].startswith("/orders/")
    call = logged(proxy, "127.0.0.6")
    assert (call["method"], call["status"]) == ("POST", 201)
    assert call["request_id"] != "a" * 32
    assert answer.headers["X-Request-ID"] == call["request_id"]
    assert token not in (proxy.folder / "calls.log").read_text()


def test_a_stolen_token_is_refused_without_the_key_of_its_certificate(
    issuer: Issuer, proxy: Proxy, tmp_path: Path
) -> None:
    held, other = Certificate(), Certificate()
    token = issuer.customer(cnf={"x5t#S256": held.thumbprint})

    def status(certificate: Certificate | None) -> int:
        tls = ssl.create_default_context(cafile=proxy.folder / "tls.pem")
        if certificate:
            tls.load_cert_chain(certificate.write(tmp_path / "client.pem"))
        # the certificate is public, so a thief can send it
        claimed = {"X-Client-Certificate": quote(held.pem)}
        return (
            dataclasses.replace(proxy, tls=tls).call("GET", "/orders", token, **claimed)[0].status
        )

    assert [status(held), status(other), status(None)] == [200, 401, 401]


def test_the_proxy_answers_in_place_of_an_api_that_does_not(tmp_path: Path) -> None:
    def accept(api: socket.socket) -> bytes:
        with api.accept()[0] as connection:
            return connection.recv(10_000)

    def expect(status: int, retry_after: str | None, body: str = "") -> None:
        answer, content = proxy.call("POST", "/orders?token=secret", "secret", body, **own)
        assert (answer.status, json.loads(content)["status"]) == (status, status)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Access-Control-Allow-Origin"] == f"https://{PAGE}"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert answer.headers["Retry-After"] == retry_after

    own = {"X-Forwarded-For": "192.0.2.1"}
    with (
        socket.create_server(("127.0.0.1", 0)) as api,
        running_proxy(tmp_path, api.getsockname()[1]) as proxy,
        ThreadPoolExecutor(1) as pool,
    ):
        received = pool.submit(accept, api)
        expect(502, "5")
        assert b"\r\nX-Forwarded-For: 127.0.0.1\r\n" in received.result(30)
        expect(413, None, "a" * 40_000)
        start = b"POST / HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: 1000\r\n\r\n"
        with ExitStack() as stack:
            for _ in range(20):
                stack.enter_context(proxy.connect()).sendall(start)
            expect(429, "5")
    for log in tmp_path.glob("*.log"):
        assert "secret" not in log.read_text()


def test_a_request_for_another_name_gets_no_answer(proxy: Proxy) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        proxy.connect(host="other.example.com")


def test_browsers_get_security_headers_and_fresh_pages(proxy: Proxy) -> None:
    page, content = proxy.call("GET", "/", host=PAGE)
    asset, _ = proxy.call("GET", "/assets/index-1a2b.js", host=PAGE)
    missing, _ = proxy.call("GET", "/assets/index-3c4d.js", host=PAGE)
    deep, deep_content = proxy.call("GET", "/signed-out", host=PAGE)
    assert (page.status, content) == (deep.status, deep_content) == (200, b"<h1>Orders</h1>")
    assert missing.status == 404
    for answer in (page, asset, missing, deep):
        assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    for answer in (page, missing, deep):
        assert answer.headers["Cache-Control"] == "no-cache"
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    answer, _ = proxy.call("GET", "/healthz")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_plain_http_redirects_to_the_page_and_never_reaches_the_api(proxy: Proxy) -> None:
    def head(host: str) -> bytes:
        with socket.create_connection(("127.0.0.1", proxy.plain_port), 10) as connection:
            connection.sendall(f"GET /orders HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            return connection.recv(1000)

    assert head(API) == b""
    redirect = head(PAGE)
    assert redirect.startswith(b"HTTP/1.1 308")
    assert b"Location: https://app.example.com/orders\r\n" in redirect
