"""Fetching the issuer's keys: how often, and with an issuer that cannot be reached."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from orders_api import signing_keys
from tests.conftest import Get
from tests.issuer import FIRST, SECOND, Issuer


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
        assert get(issuer.sign(issuer.claims(), kid=f"unknown-{number}")).status_code == 401
    assert issuer.fetches == 1


def test_accepts_a_new_key_without_a_restart(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_keys, "PAUSE", 0.1)
    old = issuer.customer()
    assert get(old).status_code == 200
    issuer.keys = [SECOND, FIRST]
    time.sleep(0.11)
    assert get(issuer.customer()).status_code == 200
    assert get(old).status_code == 200
    assert issuer.fetches == 2


def test_refuses_a_withdrawn_key_after_its_lifetime(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_keys, "PAUSE", 0.0)
    monkeypatch.setattr(signing_keys, "LIFETIME", 0.1)
    old = issuer.customer()
    assert get(old).status_code == 200
    issuer.keys = [SECOND]
    time.sleep(0.11)
    assert get(old).status_code == 401


def test_cached_keys_stay_valid_while_the_issuer_is_unreachable(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_keys, "PAUSE", 0.0)
    monkeypatch.setattr(signing_keys, "LIFETIME", 0.0)
    token = issuer.customer()
    get(token)
    issuer.unreachable = True
    assert get(token).status_code == 200


def test_answers_503_while_no_key_can_be_fetched(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.unreachable = True
    for _ in range(3):
        answer = get(issuer.customer())
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert answer.headers["Retry-After"] == "6"
    issuer.unreachable = False
    monkeypatch.setattr(signing_keys, "PAUSE", 0.0)
    assert get(issuer.customer()).status_code == 200
    assert get(issuer.sign(issuer.claims(), kid="unknown")).status_code == 401


def test_answers_503_for_a_new_key_while_the_issuer_is_unreachable(
    issuer: Issuer, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_keys, "PAUSE", 0.0)
    get(issuer.customer())
    issuer.unreachable = True
    issuer.keys = [SECOND]
    assert get(issuer.customer()).status_code == 503


def test_pauses_between_attempts_to_reach_the_issuer(
    issuer: Issuer, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    issuer.unreachable = True
    for _ in range(20):
        get(issuer.customer())
    assert caplog.text.count("cannot fetch keys") == 1


def test_ignores_keys_of_another_issuer(issuer: Issuer, get: Get) -> None:
    issuer.name = "https://other.example.com"
    assert get(issuer.customer()).status_code == 503
    assert issuer.fetches == 0
