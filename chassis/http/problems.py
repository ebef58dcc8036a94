"""Errors as ``application/problem+json`` (RFC 9457): one form, one place."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from chassis.errors import RtcmError
from chassis.metrics import REFUSED
from chassis.telemetry import current_trace_id

_log = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"

HTTP_CODES = {
    400: ("request.malformed", "the request cannot be understood"),
    404: ("route.not_found", "there is nothing at this address"),
    405: ("route.method_not_allowed", "this address does not know the method"),
    413: ("body.too_large", "the body is larger than allowed"),
    415: ("body.not_json", "send the body as application/json"),
}
"""Status that Flask itself answers -> our code and sentence."""

Translate = Callable[[Exception], RtcmError | None]
"""Turns an error of a part below (the database driver's) into ours, or ``None``."""


def problem(error: RtcmError) -> Response:
    """The answer to an error: stable code, the field, and what to do."""
    REFUSED.labels(error.code).inc()
    g.problem_code = error.code
    content: dict[str, Any] = {
        **error.members,
        "type": f"urn:rtcm:problem:{error.code}",
        "title": _title(error.status),
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
    }
    if error.field is not None:
        content["field"] = error.field
    if error.problems:
        content["problems"] = [
            {"field": one.field, "code": one.code, "detail": one.detail} for one in error.problems
        ]
    trace_id = current_trace_id()
    if trace_id:
        content["trace_id"] = trace_id
    answer = Response(
        json.dumps(content, ensure_ascii=False), status=error.status, mimetype=PROBLEM_TYPE
    )
    answer.headers["Cache-Control"] = "no-store"
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if error.status == 503:
        answer.headers["Retry-After"] = str(error.retry_after_seconds or 2)
    return answer


def register(app: Flask, translate: Translate) -> None:
    """Have every error of the app answered as a problem; nothing internal leaves."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        code, detail = HTTP_CODES.get(status, ("request.refused", error.name))
        answer = problem(_with_status(RtcmError(code, detail), status))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer

    @app.errorhandler(Exception)
    def any_error(error: Exception) -> Response:
        known = error if isinstance(error, RtcmError) else translate(error)
        if known is not None:
            return problem(known)
        _log.error("request.failed", exc_info=error, extra={"endpoint": request.endpoint})
        return problem(RtcmError("internal.error", "something failed here; it was noted"))


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _with_status(error: RtcmError, status: int) -> RtcmError:
    error.status = status
    return error
