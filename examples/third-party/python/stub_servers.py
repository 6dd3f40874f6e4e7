"""Servers for the tests."""

import json
import ssl
import threading
import time
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

Answer = tuple[int, dict[str, Any]] | tuple[int, dict[str, Any], dict[str, str]]
TOKEN: Answer = (200, {"access_token": "abc", "expires_in": 300})
PAGE: Answer = (200, {"orders": [], "next": None})


class Servers:
    """A token endpoint and an API, which play their answers in order and repeat the last one."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.token: list[Answer] = [TOKEN]
        self.api: list[Answer] = [PAGE]
        self.headers: dict[str, str] = {}
        self.requests: list[str] = []
        self.received: list[Message] = []
        self.forms: list[dict[str, str]] = []
        self.drips = False
        servers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answers = servers.token if self.path == "/token" else servers.api
                before = servers.requests.count(self.path)
                servers.requests.append(self.path)
                servers.received.append(self.headers)
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/token":
                    servers.forms.append(dict(parse_qsl(body.decode())))
                if servers.drips:
                    self.drip()
                    return
                status, answer, *headers = answers[min(before, len(answers) - 1)]
                content = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in (servers.headers | (headers[0] if headers else {})).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_POST = do_GET

            def drip(self) -> None:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                # the client closes the connection
                with suppress(OSError):
                    while servers.drips:
                        self.wfile.write(b" ")
                        time.sleep(0.02)
                self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
            self.url = f"https://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,)).start()

    def close(self) -> None:
        self.drips = False
        self._server.shutdown()
        self._server.server_close()
