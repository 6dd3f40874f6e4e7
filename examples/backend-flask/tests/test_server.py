"""Tests that need processes: start, restart, connections."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from tests.issuer import Issuer
from tests.server import gunicorn, running_server

BOTH = "orders:read orders:write"


def test_an_order_survives_a_restart(issuer: Issuer, environment: dict[str, str]) -> None:
    token = issuer.customer(scope=BOTH)
    with running_server(environment) as server:
        body = json.dumps({"item": "pencil", "quantity": 2})
        status, _, order = server.call("POST", "/orders", token, body)
        assert status == 201
    with running_server(environment) as server:
        assert server.call("GET", f"/orders/{json.loads(order)['id']}", token)[2] == order
    assert '"caller": "customer:acme"' in server.stdout
    assert token not in server.stdout + server.stderr


def test_threads_write_concurrently(issuer: Issuer, environment: dict[str, str]) -> None:
    token = issuer.customer(scope=BOTH)
    body = json.dumps({"item": "pencil", "quantity": 2})
    with running_server(environment) as server, ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda _: server.call("POST", "/orders", token, body)[0], range(60))
        assert set(answers) == {201}
        listed = json.loads(server.call("GET", "/orders?limit=100", token)[2])
    assert len({order["id"] for order in listed["orders"]}) == 60


def test_keeps_an_idle_connection_open(environment: dict[str, str]) -> None:
    with running_server(environment) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.connect()
        idle = connection.sock
        for seconds in (0, 3):
            time.sleep(seconds)
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
        assert connection.sock is idle
        connection.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {'a' * 100_000}"},
        {f"X-{number}": "a" * 8000 for number in range(101)},
    ],
    ids=["one large field", "many fields"],
)
def test_gunicorn_refuses_giant_headers(
    issuer: Issuer, environment: dict[str, str], headers: dict[str, str]
) -> None:
    with running_server(environment) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/orders", headers=headers)
        assert connection.getresponse().status == 431
        connection.close()
        assert server.call("GET", "/orders", issuer.customer())[0] == 200


def test_the_log_does_not_quote_a_request_that_gunicorn_refuses(
    environment: dict[str, str],
) -> None:
    with (
        running_server(environment) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection,
    ):
        connection.sendall(b"GET /orders?access_token=secret\r\n\r\n")
        assert connection.recv(12) == b"HTTP/1.1 400"
    assert "Invalid request from ip=127.0.0.1" in server.stderr
    assert "secret" not in server.stdout + server.stderr


def test_wrong_settings_print_one_line_and_exit_with_status_2(
    environment: dict[str, str],
) -> None:
    several = {"WEB_CONCURRENCY": "2", "RATE_LIMIT_STORAGE_URI": "memory://"}
    for wrong in ({"OIDC_ISSUER": "x"}, {"DATABASE_PATH": "/"}, several):
        with gunicorn(environment | wrong) as process:
            try:
                stdout, stderr = process.communicate(timeout=60)
            finally:
                process.terminate()
        assert process.returncode == 2
        assert stdout == ""
        [line] = [line for line in stderr.splitlines() if "[INFO]" not in line]
        assert line.startswith("orders_api cannot start: ")
