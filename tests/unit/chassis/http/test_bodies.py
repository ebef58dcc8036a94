"""Bodies that cannot be understood, or not stored, are refused at the door."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from werkzeug.test import run_wsgi_app

from tests.unit.chassis.http.bakery import Bakery


def sent(bakery: Bakery, raw: bytes, content_type: str = "application/json") -> tuple[int, str]:
    response = bakery.client.post(
        "/loaves", data=raw, content_type=content_type, headers=bakery.headers()
    )
    return response.status_code, json.loads(response.data)["code"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"rye",
        b'{"name": "\xff\xfe"}',
        b'{"name": "r", "notes": {"a": NaN}}',
        b'{"name": "r", "notes": {"a": Infinity}}',
        b'{"name": "r", "notes": {"a": 1e999}}',
        b'{"name": "r", "notes": {"a": 9223372036854775808}}',
        b'{"name": "r", "notes": {"a": ' + b"9" * 3_900 + b"}}",
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000b"}',
        b'{"name": "r", "notes": {"a\\u0000": 1}}',
        b'["rye"]',
        b"null",
        b'{"name": "r", "notes": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}",
        b"[" * 4_000,
    ],
)
def test_malformed_body_is_400(bakery: Bakery, raw: bytes):
    assert sent(bakery, raw) == (400, "body.not_json")
    assert bakery.loaves == {}


@pytest.mark.parametrize(
    "name", ["\\ud83c\\udf5e", "a\\\\u0000b", "\\\\\\\\u0000", "\\u0259", "\\\\ud800"]
)
def test_harmless_escapes_are_taken(bakery: Bakery, name: str):
    raw = f'{{"name": "{name}"}}'.encode()
    response = bakery.client.post(
        "/loaves", data=raw, content_type="application/json", headers=bakery.headers()
    )
    assert response.status_code == 201
    assert response.json["name"] == json.loads(raw)["name"]


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_other_media_types_are_415(bakery: Bakery, content_type: str):
    assert sent(bakery, b'{"name": "rye"}', content_type) == (415, "body.not_json")


def test_charset_of_json_is_no_matter(bakery: Bakery):
    response = bakery.client.post(
        "/loaves",
        data='{"name": "çörək"}'.encode(),
        content_type="application/json; charset=utf-8",
        headers=bakery.headers(),
    )
    assert (response.status_code, response.json["name"]) == (201, "çörək")


def test_oversized_body_is_413(bakery: Bakery):
    assert sent(bakery, b'{"name": "' + b"x" * 5_000 + b'"}') == (413, "body.too_large")


def test_oversized_body_without_announced_length_is_413(bakery: Bakery):
    environ = bakery.app.test_request_context(
        "/loaves", method="POST", content_type="application/json", headers=bakery.headers()
    ).request.environ
    environ.pop("CONTENT_LENGTH", None)
    chunked = {
        **environ,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": BytesIO(b"x" * 5_000),
        "wsgi.input_terminated": True,
    }
    _, status, _ = run_wsgi_app(bakery.app, chunked)
    assert status.startswith("413 ")


def test_all_wrong_fields_are_named_at_once(bakery: Bakery):
    response = bakery.bake(
        {"name": "", "grains": [{"name": "rye", "gram_count": 0}, {"sort": 1}], "price": 3}
    )
    assert response.status_code == 422
    assert {(p["field"], p["code"]) for p in json.loads(response.data)["problems"]} == {
        ("name", "field.invalid"),
        ("grains.0.gram_count", "field.invalid"),
        ("grains.1.name", "field.missing"),
        ("grains.1.gram_count", "field.missing"),
        ("grains.1.sort", "field.unknown"),
        ("price", "field.unknown"),
    }


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "sort=name"])
def test_wrong_query_is_400(bakery: Bakery, query: str):
    response = bakery.client.get(f"/loaves?{query}", headers=bakery.headers())
    problem = json.loads(response.data)
    assert (response.status_code, problem["code"]) == (400, "query.invalid")
    assert [one["field"] for one in problem["problems"]] == [query.partition("=")[0]]
