"""One line of JSON for each call. It never contains a token, and callers cannot forge it."""

import json
import logging
import re
import sys
import time
import uuid
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger(__name__)


def log_calls(app: Flask, *, behind_proxy: bool) -> None:
    """Logs each call once, after its response is made.

    The id of a request is the proxy's, if there is one: then its log has the same id.
    """

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()
        given = request.headers.get("X-Request-ID", "") if behind_proxy else ""
        g.request_id = given if re.fullmatch(r"[0-9A-Za-z-]{8,36}", given) else str(uuid.uuid4())

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        call = {
            "address": _address(),
            "caller": str(g.caller) if "caller" in g else None,
            "permission": g.get("permission"),
            "method": request.method[:20],
            "path": loggable(request.path),
            "status": response.status_code,
            "reason": g.get("reason"),
            "ms": round((time.perf_counter() - g.started) * 1000, 1),
        }
        log.info("call", extra={"call": call})
        return response


def _address() -> str | None:
    """The address of the caller, or of the nearest proxy that is not trusted."""
    address = request.remote_addr or ""
    return address if re.fullmatch(r"[0-9a-fA-F.:]{2,45}", address) else None


def loggable(path: str) -> str:
    """The path without segments longer than a UUID: a caller may send a token in one."""
    return re.sub(r"[^/]{37,}", "…", path)[:200]


class JsonLines(logging.Formatter):
    """Formats each record as one line. JSON escapes the characters that would end it.

    All lines of a request have its id.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **({"request_id": g.get("request_id")} if has_request_context() else {}),
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
