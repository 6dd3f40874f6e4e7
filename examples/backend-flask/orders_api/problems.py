"""Errors as problem details (RFC 9457)."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)

MAX_ERRORS = 20
"""Errors in one answer. A body full of mistakes must not cause a far larger answer."""


class Problem(Exception):
    """Ends a request with problem details.

    Callers read `detail`, and the call log has it as `reason`: put nothing secret into it, and
    nothing that the caller has sent.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, str]] = (),
        missing: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.errors = errors
        self.missing = missing

    def response(self) -> Response:
        """A response with the members of RFC 9457, section 3.1, and two extension members.

        `errors` is as in section 3. `missing` is what a caller without permission lacks.
        """
        members: dict[str, object] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            members["errors"] = self.errors[:MAX_ERRORS]
        if self.missing:
            members["missing"] = self.missing
        answer = Response(json.dumps(members), self.status, content_type="application/problem+json")
        answer.headers.update(self.headers)
        return answer


def answer_with_problems(app: Flask) -> None:
    """Turns every exception of a view, of Flask and of Werkzeug into problem details."""

    @app.errorhandler(Problem)
    def of_ours(problem: Problem) -> Response:
        return _answer(problem)

    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> Response:
        status = error.code or 500
        allow = error.get_response().headers.get("Allow")
        headers = {"Allow": allow} if allow else None
        return _answer(Problem(status, error.description or "", headers=headers))

    @app.errorhandler(Exception)
    def of_bugs(error: Exception) -> Response:
        log.error("unexpected error", exc_info=error)
        return _answer(Problem(500, "An unexpected error occurred."))


def _answer(problem: Problem) -> Response:
    g.reason = problem.detail
    return problem.response()
