"""The app factory of every service's API."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from chassis.clock import monotonic
from chassis.http import problems
from chassis.http.door import Door, Doorway
from chassis.http.openapi import describe
from chassis.http.problems import Translate
from chassis.metrics import DURATION, REQUESTS
from chassis.telemetry import continued_trace

_log = logging.getLogger(__name__)

_PLATFORM_ROUTES = frozenset({"healthz", "readyz", "metrics", "openapi"})


def create_app(
    *,
    service: str,
    blueprints: Iterable[Blueprint],
    way: Doorway,
    readiness: Mapping[str, Callable[[], None]],
    translate: Translate,
    body_limit_bytes: int = 262_144,
) -> Flask:
    """Build a service's API.

    Args:
        readiness: name of a part -> a check that raises while the part is away.
        translate: errors of parts below into ours.

    Raises:
        ValueError: a route lacks ``@operation``.
    """
    app = Flask(service, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = body_limit_bytes
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # would answer with a redirect in HTML
    problems.register(app, translate)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    for endpoint, view in list(app.view_functions.items()):
        declared = getattr(view, "operation", None)
        if declared is None:
            raise ValueError(f"{service}: the view {endpoint} lacks @operation")
        app.view_functions[endpoint] = Door(view, declared, way)
    _platform_routes(app, service, readiness)
    app.wsgi_app = _traced(app.wsgi_app)  # type: ignore[method-assign, assignment]  # -- Flask's own way to wrap it
    _log_requests(app)
    return app


def _platform_routes(app: Flask, service: str, readiness: Mapping[str, Callable[[], None]]) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive", service=service)

    @app.get("/readyz")
    def readyz() -> Response:
        for check in readiness.values():
            check()
        return jsonify(status="ready", service=service)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

    @app.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(describe(app, service))


def _traced(app: Callable[[Any, Any], Iterable[bytes]]) -> Callable[[Any, Any], Iterable[bytes]]:
    """Every request under a trace: the caller's, or a new one."""

    def traced(environ: Any, start_response: Any) -> Iterable[bytes]:
        with continued_trace(environ.get("HTTP_TRACEPARENT")):
            return app(environ, start_response)

    return traced


def _log_requests(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began_at = monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        endpoint = request.endpoint or "unknown"
        seconds = monotonic() - g.get("began_at", monotonic())
        REQUESTS.labels(endpoint, str(response.status_code)).inc()
        DURATION.labels(endpoint).observe(seconds)
        response.headers["X-Content-Type-Options"] = "nosniff"
        if endpoint not in _PLATFORM_ROUTES:
            _log.info(
                "request",
                extra={
                    "operation": endpoint,
                    "status": response.status_code,
                    "code": g.get("problem_code"),
                    "actor_id": g.get("actor_id"),
                    "duration_ms": round(seconds * 1000, 1),
                },
            )
        return response
