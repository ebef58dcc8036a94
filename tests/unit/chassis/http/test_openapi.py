"""The document says what the doors do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from chassis.ids import new_id
from tests.unit.chassis.http.bakery import TRAINER, Bakery

METHODS = ("get", "put", "post", "delete", "patch")

# The parts of OpenAPI 3.1's own schema that our documents use; anything else is a mistake.
_SCHEMA = {"type": "object"}
_CONTENT = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "required": ["schema"],
        "properties": {"schema": _SCHEMA},
        "additionalProperties": False,
    },
}
_PARAMETER = {
    "type": "object",
    "required": ["name", "in", "schema", "required"],
    "properties": {
        "name": {"type": "string"},
        "in": {"enum": ["path", "query", "header"]},
        "required": {"type": "boolean"},
        "description": {"type": "string"},
        "schema": _SCHEMA,
    },
    "if": {"properties": {"in": {"const": "path"}}},
    "then": {"properties": {"required": {"const": True}}},
    "additionalProperties": False,
}
_OPERATION = {
    "type": "object",
    "required": ["operationId", "summary", "responses", "security", "x-roles"],
    "properties": {
        "operationId": {"type": "string", "pattern": "^[a-z_]+$"},
        "summary": {"type": "string"},
        "description": {"type": "string"},
        "parameters": {"type": "array", "items": _PARAMETER},
        "requestBody": {
            "type": "object",
            "required": ["content"],
            "properties": {"required": {"type": "boolean"}, "content": _CONTENT},
            "additionalProperties": False,
        },
        "responses": {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^[1-5][0-9]{2}$"},
            "additionalProperties": {
                "type": "object",
                "required": ["description"],
                "properties": {"description": {"type": "string"}, "content": _CONTENT},
                "additionalProperties": False,
            },
        },
        "security": {"type": "array", "items": {"type": "object"}},
        "x-roles": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    },
    "additionalProperties": False,
}
_DOCUMENT = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {
        "openapi": {"const": "3.1.0"},
        "info": {"type": "object", "required": ["title", "version"]},
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"enum": list(METHODS)},
                "additionalProperties": _OPERATION,
            },
        },
        "components": {
            "type": "object",
            "properties": {
                "schemas": {"type": "object", "additionalProperties": _SCHEMA},
                "securitySchemes": {"type": "object"},
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}


@pytest.fixture
def document(bakery: Bakery) -> dict[str, Any]:
    read: dict[str, Any] = bakery.client.get("/openapi.json").json
    return read


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def parameters(operation: dict[str, Any], place: str) -> dict[str, Any]:
    return {p["name"]: p["schema"] for p in operation["parameters"] if p["in"] == place}


def test_document_has_the_form_of_openapi(document: dict[str, Any]):
    jsonschema.validate(document, _DOCUMENT, cls=jsonschema.Draft202012Validator)
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_schema_is_a_valid_one(document: dict[str, Any]):
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere(document: dict[str, Any]):
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


def test_every_route_is_described_and_every_description_is_a_route(
    bakery: Bakery, document: dict[str, Any]
):
    routed = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in bakery.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    platform = {(f"/{name}", "get") for name in ("healthz", "readyz", "metrics", "openapi.json")}
    assert {(path, method) for path, method, _ in operations(document)} == routed - platform


def test_path_parameters_are_those_of_the_path(document: dict[str, Any]):
    for path, _, operation in operations(document):
        assert set(re.findall(r"{(\w+)}", path)) == set(parameters(operation, "path"))
    one = document["paths"]["/loaves/{loaf_id}"]["get"]
    assert parameters(one, "path") == {"loaf_id": {"type": "string", "format": "uuid"}}


def test_roles_and_security_say_who_may(document: dict[str, Any]):
    paths = document["paths"]
    assert paths["/loaves"]["get"]["x-roles"] == ["operator", "trainer"]
    assert paths["/loaves"]["get"]["security"] == [{"token": []}]
    assert paths["/loaves/{loaf_id}"]["get"]["x-roles"] == ["public"]
    assert paths["/loaves/{loaf_id}"]["get"]["security"] == [{}, {"token": []}]


@pytest.mark.parametrize(
    ("path", "method", "statuses"),
    [
        ("/loaves", "get", {"200", "304", "400", "401", "403", "503"}),
        (
            "/loaves",
            "post",
            {"201", "400", "401", "403", "404", "409", "412", "413", "415", "422", "503"},
        ),
        ("/loaves/{loaf_id}", "get", {"200", "304", "400", "401", "404", "503"}),
        (
            "/loaves/{loaf_id}",
            "delete",
            {"204", "400", "401", "403", "404", "409", "412", "413", "422", "503"},
        ),
    ],
)
def test_statuses_are_those_that_can_occur(
    document: dict[str, Any], path: str, method: str, statuses: set[str]
):
    assert set(document["paths"][path][method]["responses"]) == statuses


def test_headers_are_described_where_they_are_heeded(document: dict[str, Any]):
    paths = document["paths"]
    assert set(parameters(paths["/loaves"]["get"], "header")) == set()
    assert set(parameters(paths["/loaves"]["post"], "header")) == {"Idempotency-Key"}
    assert set(parameters(paths["/loaves/{loaf_id}"]["put"], "header")) == {
        "Idempotency-Key",
        "If-Match",
    }


def test_bodies_are_closed_also_inside(document: dict[str, Any]):
    schemas = document["components"]["schemas"]
    assert schemas["BakeLoaf"]["additionalProperties"] is False
    assert schemas["Grain"]["additionalProperties"] is False
    assert schemas["BakeLoaf"]["required"] == ["name"]


def test_what_is_answered_fits_what_is_said(bakery: Bakery, document: dict[str, Any]):
    baked = bakery.bake()
    location = baked.headers["Location"]
    everyone = bakery.headers(TRAINER)
    answers = [
        ("/loaves", "post", baked),
        ("/loaves", "post", bakery.bake({"nme": 1})),
        ("/loaves", "get", bakery.client.get("/loaves", headers=everyone)),
        ("/loaves", "get", bakery.client.get("/loaves?limit=0", headers=everyone)),
        ("/loaves", "get", bakery.client.get("/loaves")),
        ("/loaves/{loaf_id}", "get", bakery.client.get(location)),
        ("/loaves/{loaf_id}", "get", bakery.client.get(f"/loaves/{new_id()}")),
    ]
    for path, method, answer in answers:
        said = document["paths"][path][method]["responses"][str(answer.status_code)]
        schema = said["content"][answer.mimetype]["schema"]
        jsonschema.validate(
            answer.json, {**schema, "components": document["components"]},
            cls=jsonschema.Draft202012Validator,
        )  # fmt: skip
