"""Bodies that are too large or incomplete. Flask's test client sends neither, so gunicorn runs."""

import json
import socket
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.issuer import Issuer
from tests.server import running_server

LIMIT = 16 * 1024
ORDER = b'{"item": "pencil", "quantity": 1}'


@pytest.mark.parametrize("chunk", [1000, LIMIT, None])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (ORDER.ljust(LIMIT), 201),
        (ORDER.ljust(LIMIT + 1), 413),
        (ORDER.ljust(LIMIT) + b"rubbish" * 10_000, 413),
        (b"rubbish" * 10_000, 413),
    ],
    ids=["at the limit", "over the limit", "rubbish after the limit", "only rubbish"],
)
def test_a_body_is_read_completely_or_refused(
    issuer: Issuer, environment: dict[str, str], body: bytes, chunk: int | None, status: int
) -> None:
    token = issuer.customer(scope="orders:read orders:write")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    sent = body if chunk is None else (body[n : n + chunk] for n in range(0, len(body), chunk))
    with running_server(environment) as server:
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
            connection.request("POST", "/orders", sent, headers, encode_chunked=True)
            assert connection.getresponse().status == status
        listed = json.loads(server.call("GET", "/orders", token)[2])
    assert len(listed["orders"]) == (1 if status == 201 else 0)


INCOMPLETE = [
    ("Content-Length: 16000", ORDER),
    ("Transfer-Encoding: chunked", b"%x\r\n%s" % (len(ORDER) + 9, ORDER)),
    ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n" % (len(ORDER), ORDER)),
    ("Transfer-Encoding: chunked", b"%x\r\n%s\r\nzz\r\n" % (len(ORDER), ORDER)),
    ("Transfer-Encoding: chunked", b"%x\r\n%szz" % (len(ORDER), ORDER)),
]


def test_an_incomplete_body_is_no_order(issuer: Issuer, environment: dict[str, str]) -> None:
    token = issuer.customer(scope="orders:read orders:write")
    head = (
        "POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\n"
    )
    with running_server(environment) as server:
        for header, body in INCOMPLETE:
            with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
                connection.sendall(f"{head}{header}\r\n\r\n".encode() + body)
                connection.shutdown(socket.SHUT_WR)
                assert connection.recv(12) == b"HTTP/1.1 400", (header, body)
        assert json.loads(server.call("GET", "/orders", token)[2])["orders"] == []
    assert "exception" not in server.stdout
