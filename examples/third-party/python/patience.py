"""Retries requests with pauses while that may help, up to a limit. Needs httpx2."""

import itertools
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx2

T = TypeVar("T")

ATTEMPTS = 10
"""The most attempts for one request."""

LONGEST_PAUSE = 30.0
"""The longest pause between two attempts in seconds, unless Retry-After asks for more."""

BUSY = (429, 502, 503, 504)
"""The HTTP statuses after which a retry may help."""

NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
"""The errors that occur before the request reaches the server."""


class Unavailable(Exception):
    """Keycloak or the API cannot be reached or accepts no more calls. The message is for users."""


def raise_if_busy(answer: httpx2.Response) -> None:
    """A hook for httpx2 that raises an error for each answer that patiently() retries."""
    if answer.status_code in BUSY:
        answer.raise_for_status()


def patiently(server: str, attempt: Callable[[], T], *, seconds: float, repeatable: bool) -> T:
    """Runs `attempt` until it succeeds, for at most `seconds` and ATTEMPTS times.

    If it is not repeatable, it is retried only if it cannot have had an effect: after 429, and if
    no connection was made. Raises Unavailable at the limits, or if it may have had an effect.
    """
    deadline = time.monotonic() + seconds
    longest = 2.0
    for number in itertools.count(1):
        wait = None
        try:
            return attempt()
        except httpx2.HTTPStatusError as error:
            status = error.response.status_code
            why = f"{server} answers with HTTP {status}"
            wait = _retry_after(error.response)
            harmless = repeatable or status == 429
        except httpx2.RequestError as error:
            why = f"{server} cannot be reached ({error})"
            if "CERTIFICATE_VERIFY_FAILED" in why:
                raise Unavailable(why) from None
            harmless = repeatable or isinstance(error, NOT_SENT)
        if not harmless:
            raise Unavailable(f"{why}, but the call may have succeeded; check before you repeat it")
        # random, so that clients do not retry in step
        pause = random.uniform(longest / 2, longest) if wait is None else wait  # noqa: S311
        if number == ATTEMPTS or time.monotonic() + pause > deadline:
            asked = "" if wait is None else f", and asks to wait {wait:.0f} s"
            raise Unavailable(f"{why}{asked}; gave up at attempt {number}, try again later")
        time.sleep(pause)
        longest = min(2 * longest, LONGEST_PAUSE)
    raise AssertionError


def _retry_after(answer: httpx2.Response) -> float | None:
    """The seconds to wait, from a number or a date (RFC 9110, section 10.2.3)."""
    value = answer.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
