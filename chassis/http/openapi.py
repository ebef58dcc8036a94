"""OpenAPI 3.1 of an app, derived from its routes: what it says is what the doors do."""

from __future__ import annotations

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from werkzeug.routing import Rule

from chassis.http.door import Door
from chassis.http.idempotency import KEY_PATTERN
from chassis.http.operation import SAFE_METHODS, Operation

_VERSION = "1.0.0"
_PATH_KINDS: dict[str, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
    "string": {"type": "string", "minLength": 1},
    "path": {"type": "string", "minLength": 1},
}

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "stable; for programs"},
        "detail": {"type": "string", "description": "what happened and what to do; for people"},
        "field": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
        "trace_id": {"type": "string"},
    },
}

_MEANINGS = {
    304: "not changed",
    400: "the request cannot be understood",
    401: "no token, or one that does not hold",
    403: "not for this role or scope",
    404: "nothing there, or not visible to who asks",
    409: "a rule forbids it",
    412: "changed meanwhile",
    413: "the body is too large",
    415: "the body is not JSON",
    422: "fields are wrong, or the Idempotency-Key was used for something else",
    503: "a part is away; nothing was done, try again",
}


def describe(app: Flask, service: str) -> dict[str, Any]:
    """The document of all declared routes."""
    spec = APISpec(
        title=f"RTCM {service}",
        version=_VERSION,
        openapi_version="3.1.0",
        info={"description": f"The {service} service of the RTCM platform."},
        plugins=[MarshmallowPlugin()],
    )
    spec.components.schema("Problem", _PROBLEM)
    spec.components.security_scheme(
        "token", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    )
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        door = app.view_functions[rule.endpoint]
        if isinstance(door, Door):
            operations = {
                method.lower(): _operation(rule, method, door.operation)
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            }
            spec.path(path=_path(rule), operations=operations)
    document: dict[str, Any] = spec.to_dict()
    _close_bodies(document)
    return document


def _close_bodies(document: dict[str, Any]) -> None:
    """Say of every body that unknown fields are refused, as the doors do."""
    schemas = document["components"]["schemas"]
    waiting: list[Any] = [
        operation["requestBody"]
        for path in document["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    ]
    seen: set[str] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting.extend(part.values())
            name = str(part.get("$ref", "")).removeprefix("#/components/schemas/")
            if name in schemas and name not in seen:
                seen.add(name)
                schemas[name].setdefault("additionalProperties", False)
                waiting.append(schemas[name])
        elif isinstance(part, list):
            waiting.extend(part)


def _path(rule: Rule) -> str:
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, method: str, declared: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{method.lower()}_{rule.endpoint.replace('.', '_')}",
        "summary": declared.summary,
        "parameters": [*_path_parameters(rule), *_header_parameters(method, declared)],
        "responses": _responses(rule, method, declared),
        "x-roles": sorted(declared.roles) if not declared.public else ["public"],
    }
    if declared.query is not None:
        described["parameters"].append({"in": "query", "schema": declared.query})
    if declared.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": declared.body}},
        }
    described["security"] = [{}] if declared.public else []
    described["security"].append({"token": []})
    if declared.errors:
        described["description"] = "Problem codes: " + ", ".join(declared.errors)
    return described


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    found = []
    for name in sorted(rule.arguments):
        kind = re.search(rf"<(\w+)[^:>]*:{name}>", rule.rule)
        schema = _PATH_KINDS[kind.group(1) if kind else "string"]
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


def _header_parameters(method: str, declared: Operation) -> list[dict[str, Any]]:
    found = []
    if method not in SAFE_METHODS and declared.transactional:
        key = {"type": "string", "pattern": KEY_PATTERN}
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key})
    if declared.versioned:
        tag = {"type": "string", "pattern": r'^"[0-9]{1,9}"$'}
        found.append({"name": "If-Match", "in": "header", "required": False, "schema": tag})
    return found


def _responses(rule: Rule, method: str, declared: Operation) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    success: dict[str, Any] = {"description": "done"}
    status = declared.status
    if declared.answer is not None:
        success["content"] = {declared.media_type: {"schema": declared.answer}}
    elif declared.media_type != "application/json":
        success["content"] = {declared.media_type: {"schema": {}}}
    elif status == 200:
        status = 204
    responses[str(status)] = success
    for code in _statuses(rule, method, declared):
        problem = {"application/problem+json": {"schema": "Problem"}} if code >= 400 else {}
        responses[str(code)] = {"description": _MEANINGS[code], "content": problem}
    return responses


def _statuses(rule: Rule, method: str, declared: Operation) -> list[int]:
    # A malformed or expired token is refused on public routes too.
    found = {400, 401, 503}
    if not declared.public:
        found.add(403)
    if rule.arguments or any(code.endswith("not_found") for code in declared.errors):
        found.add(404)
    if method in SAFE_METHODS:
        found.add(304)
    else:
        found |= {403, 404, 409, 412, 413, 422}
    if declared.body is not None:
        found |= {413, 415}
    return sorted(found)
