"""Sends a request again while that may help, with pauses, up to a limit. Needs httpx2."""

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
"""How often one request is sent, at most."""

LONGEST_PAUSE = 30.0
"""Seconds between two attempts, at most, where the other side asks for no longer pause."""

BUSY = (429, 502, 503, 504)
"""Answers after which another attempt may help."""

NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
"""Failures before anything has reached the other side."""


class Unavailable(Exception):
    """Keycloak or the API cannot be reached, or wants no more calls now, in words for people."""


def raise_if_busy(answer: httpx2.Response) -> None:
    """A hook for httpx2 that turns the answers for which patiently() waits into errors."""
    if answer.status_code in BUSY:
        answer.raise_for_status()


def patiently(who: str, attempt: Callable[[], T], *, seconds: float, repeatable: bool) -> T:
    """Runs `attempt` until it works, for so many seconds and ATTEMPTS times at most.

    What is not repeatable is repeated only where it is known to have had no effect: after 429, and
    where no connection came about. Raises Unavailable at the limits, or where it may have had one.
    """
    deadline = time.monotonic() + seconds
    longest = 2.0
    for number in itertools.count(1):
        wait = None
        try:
            return attempt()
        except httpx2.HTTPStatusError as error:
            status = error.response.status_code
            why = f"{who} answers with HTTP {status}"
            wait = _retry_after(error.response)
            harmless = repeatable or status == 429
        except httpx2.RequestError as error:
            why = f"{who} cannot be reached ({error})"
            if "CERTIFICATE_VERIFY_FAILED" in why:
                raise Unavailable(why) from None
            harmless = repeatable or isinstance(error, NOT_SENT)
        if not harmless:
            raise Unavailable(
                f"{why}, and may have done it all the same; look before you repeat it"
            )
        # random, so that not everybody is back at once
        pause = random.uniform(longest / 2, longest) if wait is None else wait  # noqa: S311
        if number == ATTEMPTS or time.monotonic() + pause > deadline:
            asked = "" if wait is None else f", and asks to wait {wait:.0f} s"
            raise Unavailable(f"{why}{asked}; gave up at attempt {number}, try again later")
        time.sleep(pause)
        longest = min(2 * longest, LONGEST_PAUSE)
    raise AssertionError


def _retry_after(answer: httpx2.Response) -> float | None:
    """Seconds, from a number or a date (RFC 9110, section 10.2.3)."""
    value = answer.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
