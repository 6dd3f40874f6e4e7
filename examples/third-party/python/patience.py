"""Repeats requests with pauses while that may help, up to a deadline. Needs httpx2 and tenacity."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

ATTEMPTS = 10
"""The most attempts for one request."""

LIMIT = 15.0
"""The longest time of an attempt in seconds, and of a call after its deadline."""


class Unavailable(Exception):
    """Keycloak or the API cannot be reached or accepts no more calls. The message is for users."""


class _Failed(Exception):
    """An attempt failed, and another may succeed after the seconds that the server asks for."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


async def patiently(
    server: str, send: Callable[[], Awaitable[httpx2.Response]], *, deadline: float, advice: str
) -> httpx2.Response:
    """Sends a request until the answer is not 408, 429 or 5xx, with pauses until the deadline.

    The deadline is a time of time.monotonic(). Raises Unavailable, with the advice, if it is met.
    """

    async def attempt() -> httpx2.Response:
        try:
            # httpx limits each read only, and a slow server can send a byte a second for hours
            async with asyncio.timeout(min(LIMIT, deadline + LIMIT - time.monotonic())):
                answer = await send()
        except TimeoutError:
            raise _Failed(f"{server} cannot be reached (no answer in time)") from None
        # anyio raises a group for a port above 65535
        except (httpx2.RequestError, httpx2.InvalidURL, ExceptionGroup) as error:
            why = f"{server} cannot be reached ({error or type(error).__name__})"
            if "CERTIFICATE_VERIFY_FAILED" in why:
                raise Unavailable(f"{why}; {advice}") from None
            raise _Failed(why) from None
        status = answer.status_code
        if status in (408, 429) or status >= 500:
            raise _Failed(f"{server} answers with HTTP {status}", _retry_after(answer))
        return answer

    def is_last(state: RetryCallState) -> bool:
        next_attempt = time.monotonic() + state.upcoming_sleep
        return state.attempt_number == ATTEMPTS or next_attempt > deadline

    def give_up(state: RetryCallState) -> httpx2.Response:
        error = _error(state)
        asked = "" if error.wait is None else f", and asks to wait {error.wait:.0f} s"
        raise Unavailable(f"{error}{asked}; gave up at attempt {state.attempt_number}; {advice}")

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_Failed),
        wait=lambda state: pause(state.attempt_number, _error(state).wait),
        stop=is_last,
        retry_error_callback=give_up,
    )
    return await retrying(attempt)


def pause(attempt: int, asked: float | None) -> float:
    """At least what the server asks for. Random, so that clients do not retry in step."""
    own = min(30.0, 2.0 ** (attempt - 1))
    return max(own, asked or 0) + random.uniform(0, own)  # noqa: S311


def _error(state: RetryCallState) -> _Failed:
    error = state.outcome and state.outcome.exception()
    assert isinstance(error, _Failed)  # noqa: S101
    return error


def _retry_after(answer: httpx2.Response) -> float | None:
    """The seconds to wait, from a number or a date (RFC 9110, section 10.2.3)."""
    value = answer.headers.get("Retry-After", "")
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
