"""What a request brings, in the shape its operation declares; or a refusal of each fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Request
from marshmallow import RAISE, Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.errors import BadInput, FieldProblem, InvalidBody
from chassis.http.body import read_object


class Taking:
    """Loads bodies and queries of one operation; empty where it declares none."""

    def __init__(self, body: type[Schema] | None, query: type[Schema] | None) -> None:
        # Made once: a schema's fields are copied whenever it is made; loading leaves it as it is.
        self._body_schema = None if body is None else body(unknown=RAISE)
        self._query_schema = None if query is None else query(unknown=RAISE)

    def body(self, raw: bytes, asked: Request) -> Mapping[str, Any]:
        """The body as loaded.

        Raises:
            BadInput: ``body.not_json``.
            InvalidBody: ``body.invalid``, with the fields that are wrong.
        """
        if self._body_schema is None:
            return {}
        read = read_object(raw, mimetype=asked.mimetype)
        try:
            loaded: Mapping[str, Any] = self._body_schema.load(read)
        except ValidationError as error:
            raise InvalidBody(
                "body.invalid",
                "some fields are wrong: see problems",
                problems=field_problems(error.messages),
            ) from error
        return loaded

    def query(self, asked: Request) -> Mapping[str, Any]:
        """The query parameters as loaded.

        Raises:
            BadInput: ``query.invalid``, with the parameters that are wrong.
        """
        if self._query_schema is None:
            return {}
        try:
            loaded: Mapping[str, Any] = self._query_schema.load(asked.args.to_dict())
        except ValidationError as error:
            raise BadInput(
                "query.invalid",
                "some query parameters are wrong: see problems",
                problems=field_problems(error.messages),
            ) from error
        return loaded


def raw_body(asked: Request) -> bytes:
    """All bytes of the body.

    Raises:
        RequestEntityTooLarge: more than allowed. A body sent in chunks announces no length, and
            Werkzeug quietly cuts it at the limit: one that reaches the limit may have been cut.
    """
    raw = asked.get_data()
    limit = asked.max_content_length
    if asked.content_length is None and limit is not None and len(raw) >= limit:
        raise RequestEntityTooLarge
    return raw


def expected_version(asked: Request) -> int | None:
    """The version that ``If-Match`` names; ``None``: any.

    Raises:
        BadInput: ``version.malformed``.
    """
    header = asked.headers.get("If-Match")
    if header is None or header == "*":
        return None
    text = header.removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        raise BadInput("version.malformed", "send the ETag you were given", field="If-Match")
    return int(text)


def field_problems(messages: Any, path: str = "") -> list[FieldProblem]:
    """marshmallow's nested messages as a flat list, fields named by path."""
    if isinstance(messages, dict):
        found = []
        for name, inner in messages.items():
            deeper = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            found.extend(field_problems(inner, deeper))
        return found
    sentences = messages if isinstance(messages, list) else [messages]
    return [FieldProblem(path, _code_of(str(sentence)), str(sentence)) for sentence in sentences]


def _code_of(sentence: str) -> str:
    if sentence.startswith("Missing data"):
        return "field.missing"
    if sentence.startswith("Unknown field"):
        return "field.unknown"
    return "field.invalid"
