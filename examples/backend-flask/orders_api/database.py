"""A SQLite file that several threads and processes share."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from orders_api.problems import Problem
from orders_api.settings import SettingsError

log = logging.getLogger(__name__)

LOCK_TIMEOUT = 2.0
"""Seconds to wait for other threads, and then for other processes. Meanwhile, a thread can answer
nobody."""

UNAVAILABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
}
"""What an operator can repair, so that a repetition succeeds. Any other error is a bug."""


class Database:
    """One connection per thread, and a write-ahead log."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._local = threading.local()
        # SQLite's own lock is polled, so busy threads could keep one waiting until it gives up
        self._writing = threading.Lock()
        try:
            # SQLite gives its other files, -wal and -shm, the mode of this one
            path.touch(mode=0o600)
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(schema)
        except (OSError, sqlite3.Error) as error:
            raise SettingsError(f"the database {str(path)!r} cannot be used: {error}") from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The calling thread's connection. Raises a problem if the database cannot be used."""
        try:
            if not hasattr(self._local, "connection"):
                self._local.connection = self._connect()
            yield self._local.connection
        except sqlite3.DatabaseError as error:
            # the first byte of SQLite's extended codes
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in UNAVAILABLE:
                raise
            raise _unavailable(error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The calling thread's connection. Until the block ends, nobody else can write."""
        if not self._writing.acquire(timeout=LOCK_TIMEOUT):
            raise _unavailable("other threads are writing")
        try:
            with self.reading() as connection, connection:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        finally:
            self._writing.release()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=LOCK_TIMEOUT, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        return connection


def _unavailable(cause: object) -> Problem:
    log.error("the database cannot be used: %s", cause)
    detail = "The database cannot be used at the moment."
    return Problem(503, detail, headers={"Retry-After": "5"})
