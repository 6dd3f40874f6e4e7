"""A rate limit for each caller, shared by all processes."""

import logging
import math
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, g
from flask_limiter import Limiter, RateLimitExceeded
from limits.errors import ConfigurationError, StorageError
from limits.storage import Storage

from orders_api.database import Database
from orders_api.problems import Problem
from orders_api.settings import Settings, SettingsError

log = logging.getLogger(__name__)

SCHEMA = """
CREATE TABLE IF NOT EXISTS windows (
  key TEXT PRIMARY KEY, hits INTEGER NOT NULL, expires REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS windows_expires ON windows (expires);
"""


class SqliteStorage(Storage):
    """Counters for Flask-Limiter's fixed windows in a SQLite file, as in `sqlite:///file`."""

    STORAGE_SCHEME = ["sqlite"]  # noqa: RUF012  (as the base class declares it)

    def __init__(
        self, uri: str, wrap_exceptions: bool = False, **options: float | str | bool
    ) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._database = Database(Path(uri.removeprefix("sqlite:///")), SCHEMA, synchronous="OFF")

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        connection = self._database.connection
        [hits] = connection.execute(
            """
            INSERT INTO windows VALUES (:key, :amount, :now + :expiry)
            ON CONFLICT (key) DO UPDATE SET
              hits = iif(expires <= :now, excluded.hits, hits + excluded.hits),
              expires = iif(expires <= :now, excluded.expires, expires)
            RETURNING hits
            """,
            {"key": key, "amount": amount, "now": now, "expiry": expiry},
        ).fetchone()
        if hits == amount:
            connection.execute("DELETE FROM windows WHERE expires <= ?", (now,))
        return int(hits)

    def get(self, key: str) -> int:
        return int(self._window(key)[0])

    def get_expiry(self, key: str) -> float:
        return float(self._window(key)[1])

    def check(self) -> bool:
        self._window("")
        return True

    def reset(self) -> int:
        return self._database.connection.execute("DELETE FROM windows").rowcount

    def clear(self, key: str) -> None:
        self._database.connection.execute("DELETE FROM windows WHERE key = ?", (key,))

    def _window(self, key: str) -> tuple[int, float]:
        now = time.time()
        row = self._database.connection.execute(
            "SELECT hits, expires FROM windows WHERE key = ? AND expires > ?", (key, now)
        ).fetchone()
        return (row["hits"], row["expires"]) if row else (0, now)


def call_counter(app: Flask, settings: Settings) -> Callable[[], None]:
    """A function that counts a call of `g.caller`. It raises a problem over the rate limit."""
    try:
        limiter = Limiter(
            key_func=lambda: str(g.caller),
            app=app,
            storage_uri=settings.rate_limit_storage_uri,
            storage_options={"wrap_exceptions": True},
        )
    except ConfigurationError:
        scheme = settings.rate_limit_storage_uri.partition("://")[0]
        raise SettingsError(
            f"RATE_LIMIT_STORAGE_URI: {scheme}:// is unknown, or its client is not installed"
        ) from None

    @limiter.shared_limit(settings.rate_limit, scope="calls")
    def count() -> None:
        pass

    def count_call() -> None:
        try:
            count()
        except RateLimitExceeded as exceeded:
            limit = limiter.current_limit
            wait = math.ceil(limit.window.reset_time - time.time()) if limit else 1
            raise Problem(
                429,
                f"The rate limit of {exceeded.limit.limit} is exceeded.",
                headers={"Retry-After": str(max(1, wait))},
            ) from None
        except StorageError as error:
            log.error("cannot count calls: %s", error)
            raise Problem(503, "Calls cannot be counted at the moment.") from None

    return count_call
