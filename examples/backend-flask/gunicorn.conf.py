"""Gunicorn's settings. Its command line overrides them."""

import logging
import os
import sys
from typing import Any

wsgi_app = "orders_api.wsgi:app"
preload_app = True
worker_class = "gthread"
# By default there is one process, because each would count calls in its own memory. So threads
# serve them.
threads = 16
timeout = 30
graceful_timeout = 10
# Longer than proxies and load balancers keep an idle connection, often 60 s. A server that closes
# it first can reset the next request.
keepalive = 75
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Refuses to count calls in the memory of several processes: each would permit the limit."""
    storage = os.environ.get("RATE_LIMIT_STORAGE_URI") or "memory://"
    if server.cfg.workers > 1 and storage.startswith("memory:"):
        print(
            f"orders_api cannot start: {server.cfg.workers} workers cannot share the rate limit in "
            f"RATE_LIMIT_STORAGE_URI '{storage}'; set it to redis://… or start one worker",
            file=sys.stderr,
        )
        raise SystemExit(2)


class WithoutRequest(logging.Filter):
    """Removes the request from gunicorn's own messages: it may contain a token."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = str(record.msg)
        if message.startswith("Invalid request from "):
            record.msg = message.partition(": ")[0]
        elif message.startswith("Error handling request "):
            record.msg, record.args = "Error handling request", ()
        return True


logging.getLogger("gunicorn.error").addFilter(WithoutRequest())
