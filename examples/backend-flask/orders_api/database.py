"""A SQLite file that several threads and processes share."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

from orders_api.settings import SettingsError


class Database:
    """One connection per thread, one transaction per statement, and a write-ahead log."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path = path
        self._local = threading.local()
        try:
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(schema)
        except sqlite3.Error as error:
            raise SettingsError(f"the database {str(path)!r} cannot be used: {error}") from error

    @property
    def connection(self) -> sqlite3.Connection:
        """The calling thread's connection."""
        if not hasattr(self._local, "connection"):
            self._local.connection = self._connect()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=5, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = FULL")
        return connection
