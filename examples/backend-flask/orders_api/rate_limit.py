"""A rate limit for each caller, and a memory of what may be used once."""

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import g
from limits import parse
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from orders_api.dpop import IsFirst
from orders_api.problems import Problem
from orders_api.settings import Settings, SettingsError

log = logging.getLogger(__name__)

TIMEOUT = 1.0
"""Seconds to wait for Redis. Meanwhile, a thread can answer nobody."""


def open_window(settings: Settings) -> MovingWindowRateLimiter:
    """The window in which calls are counted, with its storage. Raises SettingsError.

    The window moves: no caller gets twice the limit by calling at the end of one window and at the
    start of the next.
    """
    try:
        storage = storage_from_string(
            settings.rate_limit_storage_uri,
            wrap_exceptions=True,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
        )
        return MovingWindowRateLimiter(storage)
    except (ConfigurationError, NotImplementedError, ValueError):
        # without the value, which may contain a password
        raise SettingsError(
            "RATE_LIMIT_STORAGE_URI must be memory:// or a URI such as redis://localhost:6379, "
            "which needs the package redis"
        ) from None


def call_counter(rate_limit: str, window: MovingWindowRateLimiter) -> Callable[[], None]:
    """A function that counts a call of `g.caller`. It raises a problem over the rate limit."""
    rate = parse(rate_limit)

    def count_call() -> None:
        caller = str(g.caller)
        with _available():
            if window.hit(rate, caller):
                return
            free = window.get_window_stats(rate, caller).reset_time
        raise Problem(
            429,
            f"The rate limit of {rate} is exceeded.",
            headers={"Retry-After": str(max(1, math.ceil(free - time.time())))},
        )

    return count_call


def first_use(window: MovingWindowRateLimiter) -> IsFirst:
    """A function that remembers a text for some seconds, and returns whether it is new."""

    def is_first(text: str, seconds: int) -> bool:
        with _available():
            return window.storage.incr(text, seconds) == 1

    return is_first


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except StorageError as error:
        log.error("cannot count calls: %s", error)
        raise Problem(
            503, "Calls cannot be counted at the moment.", headers={"Retry-After": "5"}
        ) from None
