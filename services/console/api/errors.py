"""Errors as pages: what happened, what to do, and a reference to find it by."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from chassis.errors import RtcmError
from chassis.http.problems import problem
from chassis.metrics import REFUSED
from chassis.telemetry import current_trace_id
from services.console.api.pages import page
from services.console.api.texts import LANGUAGES
from services.console.api.visit import Visit

_log = logging.getLogger(__name__)

_JSON_ROUTES = frozenset(
    {"healthz", "readyz", "metrics", "verify.facts", "issuer.did_document", "issuer.status_list"}
)

Translate = Callable[[Exception], RtcmError | None]


def register(app: Flask, translate: Translate) -> None:
    """Have every error shown as a page; nothing internal leaves."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        refused = RtcmError(f"page.{error.code or 500}", error.description or error.name)
        refused.status = error.code or 500
        answer = _shown(refused)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer

    @app.errorhandler(Exception)
    def any_error(error: Exception) -> Response:
        known = error if isinstance(error, RtcmError) else translate(error)
        if known is None:
            _log.error("request.failed", exc_info=error, extra={"endpoint": request.endpoint})
            known = RtcmError("internal.error", "something failed here; it was noted")
        return _shown(known)


def _shown(error: RtcmError) -> Response:
    if request.endpoint in _JSON_ROUTES:
        return problem(error)
    REFUSED.labels(error.code).inc()
    if "visit" not in g:
        g.visit = Visit(LANGUAGES[0], None, None)
    answer = page("error.html", error.status, error=error, reference=current_trace_id())
    if error.status in (429, 503):
        answer.headers["Retry-After"] = str(error.retry_after_seconds or 2)
    return answer
