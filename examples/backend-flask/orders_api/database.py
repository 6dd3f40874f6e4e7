"""A SQLite file that several threads and processes share."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from orders_api.settings import SettingsError

LOCK_TIMEOUT = 2.0
"""Seconds to wait for another process's lock. Meanwhile, a thread can answer nobody."""


class Database:
    """One connection per thread, and a write-ahead log."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._local = threading.local()
        try:
            # SQLite gives its other files, -wal and -shm, the mode of this one
            path.touch(mode=0o600)
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(schema)
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(f"the database {str(path)!r} cannot be used: {error}") from error

    @property
    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection."""
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        connection: sqlite3.Connection = self._local.connection
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The calling thread's connection. Until the block ends, nobody else can write."""
        with self.connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=LOCK_TIMEOUT, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        return connection
