"""The console's own app factory: pages instead of JSON doors."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis.clock import monotonic
from chassis.metrics import DURATION, REQUESTS
from chassis.telemetry import continued_trace
from services.console.api import errors, headers, pages, visit
from services.console.api.errors import Translate
from services.console.api.visit import Cookies
from services.console.domain.session import Session
from services.console.settings import ConsoleSettings

_log = logging.getLogger(__name__)

_QUIET = frozenset({"healthz", "readyz", "metrics", "static"})
_STATIC_SECONDS = 3600
_LARGEST_FILE = {"verify.compare": 4 * 1024 * 1024}
"""Pages that take a file -> the most bytes of it; of all others the setting decides."""


def create_app(
    *,
    settings: ConsoleSettings,
    blueprints: Iterable[Blueprint],
    session_of: Callable[[str], Session | None],
    readiness: Mapping[str, Callable[[], None]],
    translate: Translate,
) -> Flask:
    """Build the app.

    Args:
        session_of: secret of a browser -> who is signed in there.
        readiness: name of a part -> a check that raises while the part is away.
        translate: errors of parts below into ours.
    """
    app = Flask("services.console", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit_bytes
    app.config["MAX_FORM_PARTS"] = 2_000
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_SECONDS
    _measure(app)
    _admit_files(app)
    visit.register(app, Cookies(settings.is_https), session_of)
    headers.register(app, is_https=settings.is_https)
    errors.register(app, translate)
    pages.register(app, zone=settings.zone, shows_mails=settings.shows_mails)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    _platform_routes(app, readiness)
    if settings.proxy_count:
        count = settings.proxy_count
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]  # -- Flask's own way to wrap it
    app.wsgi_app = _traced(app.wsgi_app)  # type: ignore[method-assign, assignment]  # -- as above
    return app


def _platform_routes(app: Flask, readiness: Mapping[str, Callable[[], None]]) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive", service="console")

    @app.get("/readyz")
    def readyz() -> Response:
        for check in readiness.values():
            check()
        return jsonify(status="ready", service="console")

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _admit_files(app: Flask) -> None:
    @app.before_request
    def admit() -> None:
        largest = _LARGEST_FILE.get(request.endpoint or "")
        if largest is not None:
            request.max_content_length = largest


def _measure(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began_at = monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        endpoint = request.endpoint or "unknown"
        seconds = monotonic() - g.get("began_at", monotonic())
        REQUESTS.labels(endpoint, str(response.status_code)).inc()
        DURATION.labels(endpoint).observe(seconds)
        if endpoint not in _QUIET:
            _log.info(
                "request",
                extra={
                    "operation": endpoint,
                    "status": response.status_code,
                    "duration_ms": round(seconds * 1000, 1),
                },
            )
        return response


def _traced(app: Callable[[Any, Any], Iterable[bytes]]) -> Callable[[Any, Any], Iterable[bytes]]:
    """Every request under a trace: the caller's, or a new one."""

    def traced(environ: Any, start_response: Any) -> Iterable[bytes]:
        with continued_trace(environ.get("HTTP_TRACEPARENT")):
            return app(environ, start_response)

    return traced
