"""Errors as problem details (RFC 9457)."""

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

log = logging.getLogger(__name__)


class Problem(Exception):
    """Ends a request with problem details. Callers read `detail`: put nothing secret in it."""

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
            members["errors"] = self.errors
        if self.missing:
            members["missing"] = self.missing
        answer = Response(json.dumps(members), self.status, content_type="application/problem+json")
        answer.headers.update(self.headers)
        return answer


def answer_with_problems(app: Flask) -> None:
    """Turns every exception of a view, of Flask and of Werkzeug into problem details."""

    @app.errorhandler(Problem)
    def of_ours(problem: Problem) -> Response:
        return problem.response()

    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> Response:
        status = error.code or 500
        allow = error.get_response().headers.get("Allow")
        headers = {"Allow": allow} if allow else None
        return Problem(status, error.description or "", headers=headers).response()

    @app.errorhandler(Exception)
    def of_bugs(error: Exception) -> Response:
        log.error("unexpected error", exc_info=error)
        return Problem(500, "An unexpected error occurred.").response()
