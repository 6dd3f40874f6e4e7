"""One line of JSON for each call. It never contains a token, and callers cannot forge it."""

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

log = logging.getLogger(__name__)


def log_calls(app: Flask) -> None:
    """Logs each call once, after its response is made."""

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        call = {
            "caller": str(g.caller) if "caller" in g else None,
            "permission": g.get("permission"),
            "method": request.method[:20],
            "path": loggable(request.path),
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.started) * 1000, 1),
        }
        log.info("call", extra={"call": call})
        return response


def loggable(path: str) -> str:
    """The path without segments longer than a UUID: a caller may send a token in one."""
    return re.sub(r"[^/]{37,}", "…", path)[:200]


class JsonLines(logging.Formatter):
    """Formats each record as one line. JSON escapes the characters that would end it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "call", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stdout() -> None:
    """Sends this package's log to standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("orders_api")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
