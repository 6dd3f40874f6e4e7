"""Fetching the issuer's keys: how often, and what callers get while they cannot be fetched."""

import gzip
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from threading import Event, Thread
from typing import Any

import jwt
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from orders_api import signing_keys
from tests.conftest import Get
from tests.issuer import FIRST, SECOND, Issuer

Request = BaseHTTPRequestHandler


@pytest.fixture
def without_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_keys, "PAUSE", 0.0)


@pytest.fixture
def hanging(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Event, Event]]:
    """Makes the issuer hang. The first event is set by a request; the second lets it go on."""

    monkeypatch.setattr(signing_keys, "TIMEOUT", 60.0)
    return lambda: issuer.hang(then_answer=True)


def invented(issuer: Issuer) -> str:
    return issuer.sign(issuer.claims(), kid="invented")


def assert_unavailable(answer: TestResponse) -> None:
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "6"


def test_fetches_once_for_many_calls_in_sequence(issuer: Issuer, get: Get) -> None:
    token = issuer.customer()
    assert [get(token).status_code for _ in range(20)] == [200] * 20
    assert issuer.fetches == 1


def test_fetches_once_for_many_calls_in_parallel(issuer: Issuer, client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {issuer.customer()}"}

    def call(_: int) -> int:
        return client.application.test_client().get("/orders", headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(8))) == [200] * 8
    assert issuer.fetches == 1


def test_unknown_key_ids_trigger_no_further_fetch(issuer: Issuer, get: Get) -> None:
    get(issuer.customer())
    for number in range(50):
        assert_unavailable(get(issuer.sign(issuer.claims(), kid=f"unknown-{number}")))
    assert issuer.fetches == 1


def test_accepts_a_new_key_without_a_restart(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = issuer.customer()
    assert get(old).status_code == 200
    issuer.keys = [SECOND, FIRST]
    assert_unavailable(get(issuer.customer()))
    monkeypatch.setattr(signing_keys, "PAUSE", 0.0)
    assert get(issuer.customer()).status_code == 200
    assert get(old).status_code == 200
    assert issuer.fetches == 2


def test_a_key_that_the_issuer_does_not_have_is_refused(
    issuer: Issuer, get: Get, without_pause: None
) -> None:
    get(issuer.customer())
    assert get(invented(issuer)).status_code == 401


def test_nobody_waits_for_a_fetch_that_others_cause(
    issuer: Issuer,
    client: FlaskClient,
    get: Get,
    without_pause: None,
    hanging: Callable[[], tuple[Event, Event]],
) -> None:
    def call(token: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"}
        return client.application.test_client().get("/orders", headers=headers)

    token = issuer.customer()
    assert get(token).status_code == 200
    asked, answer = hanging()
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(call, invented(issuer))
        try:
            assert asked.wait(30)
            assert pool.submit(call, token).result(30).status_code == 200
            assert_unavailable(pool.submit(call, invented(issuer)).result(30))
            assert not first.done()
        finally:
            answer.set()
        assert first.result(30).status_code == 401


def test_nobody_waits_for_the_renewal_of_cached_keys(
    issuer: Issuer,
    get: Get,
    without_pause: None,
    hanging: Callable[[], tuple[Event, Event]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = issuer.customer()
    assert get(token).status_code == 200
    monkeypatch.setattr(signing_keys, "LIFETIME", 0.0)
    asked, answer = hanging()
    with ThreadPoolExecutor(1) as pool:
        try:
            assert pool.submit(get, token).result(30).status_code == 200
            assert asked.wait(30)
        finally:
            answer.set()


def test_refuses_a_withdrawn_key_after_its_lifetime(
    issuer: Issuer, get: Get, without_pause: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_keys, "LIFETIME", 0.0)
    old = issuer.customer()
    assert get(old).status_code == 200
    issuer.keys = [SECOND]
    deadline = time.monotonic() + 30
    while get(old).status_code == 200 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert get(old).status_code == 401


def test_cached_keys_stay_valid_while_the_issuer_is_unreachable_but_not_for_ever(
    issuer: Issuer, get: Get, without_pause: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_keys, "LIFETIME", 0.0)
    token = issuer.customer()
    get(token)
    issuer.unreachable = True
    assert get(token).status_code == 200
    monkeypatch.setattr(signing_keys, "MAX_AGE", 0.0)
    assert_unavailable(get(token))


def test_answers_503_while_no_key_can_be_fetched(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.unreachable = True
    for _ in range(3):
        assert_unavailable(get(issuer.customer()))
    issuer.unreachable = False
    monkeypatch.setattr(signing_keys, "PAUSE", 0.0)
    assert get(issuer.customer()).status_code == 200


def test_answers_503_for_a_new_key_while_the_issuer_is_unreachable(
    issuer: Issuer, get: Get, without_pause: None
) -> None:
    get(issuer.customer())
    issuer.unreachable = True
    issuer.keys = [SECOND]
    assert_unavailable(get(issuer.customer()))


def test_pauses_between_attempts_to_reach_the_issuer(
    issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.unreachable = True
    for _ in range(20):
        get(issuer.customer())
    assert caplog.text.count("cannot fetch keys") == 1


def test_ignores_keys_of_another_issuer(issuer: Issuer, get: Get) -> None:
    issuer.configuration["issuer"] = "https://other.example.com"
    assert_unavailable(get(issuer.customer()))
    assert issuer.fetches == 0


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_follows_no_redirect(issuer: Issuer, get: Get, path: str) -> None:
    def redirect(request: Request) -> bool:
        if request.path != path:
            request.path = request.path.removesuffix("?moved")
            return False
        request.send_response(302)
        request.send_header("Location", f"{path}?moved")
        request.end_headers()
        return True

    issuer.before = redirect
    assert_unavailable(get(issuer.customer()))


@pytest.mark.parametrize("url", ["http://login.example.com/jwks", "file:///jwks", "jwks", None, 1])
def test_fetches_keys_only_over_https(
    issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    issuer.configuration["jwks_uri"] = url
    assert_unavailable(get(issuer.customer()))
    assert "cannot fetch keys" in caplog.text
    assert isinstance(url, int | None) or "must use https" in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"1",
        b"{}",
        b'{"keys": null}',
        b'{"keys": {"kid": "first"}}',
        b'{"keys": []}',
        b'{"keys": [{"kid": ["first"], "kty": "RSA"}, null, 1, "first"]}',
        b"[" * 100_000,
        b'{"keys": [{"kid": "first", "kty": "oct", "k": "c2VjcmV0"}]}',
        json.dumps({"keys": [FIRST.jwk()]}).encode() + b" " * 1_000_000,
    ],
    ids=lambda body: f"{body[:40]!r}",
)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_a_malformed_answer_hides_no_cached_key(
    issuer: Issuer, get: Get, without_pause: None, path: str, body: bytes
) -> None:
    def answer(request: Request) -> bool:
        if request.path != path:
            return False
        request.send_response(200)
        request.end_headers()
        request.wfile.write(body)
        return True

    assert get(issuer.customer()).status_code == 200
    issuer.before = answer
    assert_unavailable(get(invented(issuer)))
    assert get(issuer.customer()).status_code == 200


PRIVATE = jwt.algorithms.RSAAlgorithm.to_jwk(SECOND.private, as_dict=True) | {"kid": SECOND.kid}


@pytest.mark.parametrize(
    "unusable",
    [
        None,
        {"kid": SECOND.kid},
        SECOND.jwk() | {"kid": ["x"]},
        SECOND.jwk() | {"kty": "unknown"},
        SECOND.jwk() | {"kty": ["RSA"]},
        SECOND.jwk() | {"alg": "unknown"},
        SECOND.jwk() | {"alg": ["RS256"]},
        SECOND.jwk() | {"use": "enc"},
        SECOND.jwk() | {"n": 1},
        SECOND.jwk() | {"n": "ä"},
        SECOND.jwk() | {"n": "AA", "e": "AA"},
        {"kid": SECOND.kid, "kty": "EC", "crv": "P-256", "x": 1, "y": None},
        {"kid": SECOND.kid, "kty": "OKP", "crv": "Ed25519", "x": "AA"},
        {"kid": SECOND.kid, "kty": "oct", "k": "c2VjcmV0", "alg": "RS256"},
        PRIVATE,
    ],
)
def test_an_unusable_key_hides_no_other_and_verifies_nothing(
    issuer: Issuer, get: Get, without_pause: None, unusable: object
) -> None:
    issuer.other_keys = [unusable]
    assert get(issuer.customer()).status_code == 200
    token = jwt.encode(issuer.claims(), SECOND.private, "RS256", {"kid": SECOND.kid})
    assert get(token).status_code == 401


@pytest.mark.parametrize("start", [b"HTTP/1.0 200 OK\r\nX-Slow: ", b"HTTP/1.0 200 OK\r\n\r\n"])
def test_a_dripping_issuer_ends_no_call_late(
    issuer: Issuer,
    get: Get,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    start: bytes,
) -> None:
    def drip(request: Request) -> bool:
        request.wfile.write(start)
        try:
            for _ in range(100):
                request.wfile.write(b" ")
                time.sleep(0.05)
        except ConnectionError:
            pass
        return True

    monkeypatch.setattr(signing_keys, "TIMEOUT", 0.2)
    issuer.before = drip
    assert_unavailable(get(issuer.customer()))
    logged(caplog, "TimeoutError")


def test_a_hanging_name_server_ends_no_call_late(
    without_pause: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer, answered = Event(), Event()

    def hang(*_: Any, **__: Any) -> Any:
        answer.wait(30)
        answered.set()
        raise socket.gaierror

    monkeypatch.setattr(signing_keys, "TIMEOUT", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", hang)
    keys = signing_keys.SigningKeys("https://login.example.com")
    try:
        for _ in range(3):
            with pytest.raises(signing_keys.KeysUnavailable):
                keys.get("first")
        assert not answered.is_set()
    finally:
        answer.set()
    logged(caplog, "cannot fetch keys")
    assert answered.is_set()
    assert caplog.text.count("cannot fetch keys") == 1


def test_a_thread_that_does_not_start_ends_no_fetch_for_good(
    issuer: Issuer,
    get: Get,
    without_pause: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(Thread, "start", fail)
        assert_unavailable(get(issuer.customer()))
    assert "can't start new thread" in caplog.text
    assert get(issuer.customer()).status_code == 200


def test_uses_no_proxy_for_an_issuer_on_this_machine(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert get(issuer.customer()).status_code == 200


def test_decompresses_nothing(issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture) -> None:
    def compress(request: Request) -> bool:
        assert request.headers["Accept-Encoding"] == "identity"
        request.send_response(200)
        request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        request.wfile.write(gzip.compress(json.dumps(issuer.configuration).encode()))
        return True

    issuer.before = compress
    assert_unavailable(get(issuer.customer()))
    assert "is compressed" in caplog.text


def logged(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Waits for the end of a fetch, which nobody waits for any more."""
    deadline = time.monotonic() + 30
    while text not in caplog.text:
        assert time.monotonic() < deadline, caplog.text
        time.sleep(0.01)
