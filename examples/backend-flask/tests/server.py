"""The API as in production: run by gunicorn, in a process of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

FOLDER = Path(__file__).parent.parent


def gunicorn(
    environment: dict[str, str], *arguments: str, folder: Path = FOLDER
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *(arguments or ["--bind", "127.0.0.1:0"])],
        cwd=folder,
        env={"PATH": os.environ["PATH"]} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@dataclass
class Server:
    port: int
    stdout: str = ""
    stderr: str = ""

    def call(
        self,
        method: str,
        path: str,
        token: str,
        body: str | None = None,
        **headers: str,
    ) -> tuple[int, str, str]:
        """Calls over a new connection. Returns status, content type and body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers |= {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        result = answer.status, answer.headers.get_content_type(), answer.read().decode()
        connection.close()
        return result


@contextmanager
def running_server(
    environment: dict[str, str], *arguments: str, folder: Path = FOLDER
) -> Iterator[Server]:
    """Runs the server. When it has stopped, `stdout` and `stderr` are complete."""
    process = gunicorn(environment, *arguments, folder=folder)
    assert process.stdout is not None
    assert process.stderr is not None
    stderr = ""
    while not (listening := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", stderr)):
        line = process.stderr.readline()
        assert line, stderr
        stderr += line
    server = Server(int(listening[1]))
    # a pipe that nobody reads would stop the API as soon as it is full
    with ThreadPoolExecutor(2) as pool:
        outputs = [pool.submit(stream.read) for stream in (process.stdout, process.stderr)]
        try:
            yield server
        finally:
            process.terminate()
            server.stdout, rest = (output.result(60) for output in outputs)
            server.stderr = stderr + rest
            process.wait(60)
            process.stdout.close()
            process.stderr.close()
