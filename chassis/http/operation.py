"""One door for every route: who, what, once, then the view.

A view is declared with ``@operation`` and gets an ``ApiCall``; it holds no ``try``, reads no
request and knows no Flask context.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Request, Response, g, request
from marshmallow import RAISE, Schema, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.access import PUBLIC_ACTOR, Actor, Role
from chassis.bus import RunsWork
from chassis.errors import (
    AlreadyExists,
    BadInput,
    FieldProblem,
    InvalidBody,
    Unauthenticated,
)
from chassis.http.body import read_object
from chassis.http.idempotency import (
    IdempotencyStore,
    StoredAnswer,
    checked_key,
    fingerprint,
    refuse_other_use,
)
from chassis.ids import derived_id, new_id
from chassis.tokens import API_KEY_PREFIX, TokenVerifier

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a route promises; OpenAPI and the access tests are derived from it."""

    summary: str
    roles: frozenset[Role]
    public: bool
    body: type[Schema] | None
    query: type[Schema] | None
    answer: type[Schema] | None
    status: int
    errors: tuple[str, ...]
    versioned: bool
    media_type: str
    transactional: bool
    shown_once: frozenset[str]
    body_limit_bytes: int | None


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """One request as a view sees it.

    Attributes:
        body, query: as their schemas loaded them; empty without a schema.
        expected_version: of ``If-Match``.
        command_id: the same for a repeat with the same ``Idempotency-Key``.
    """

    actor: Actor
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    expected_version: int | None = None
    command_id: str

    def id_for(self, name: str) -> str:
        """The id of what this call makes: the same when the call is repeated."""
        return derived_id(self.command_id, name)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a view answers when a body alone is not enough.

    Attributes:
        version: of what is shown: becomes the ``ETag``.
        content: bytes instead of JSON, for documents; piece by piece where they are large.
    """

    body: Any = None
    status: int | None = None
    location: str | None = None
    version: int | None = None
    content: bytes | Iterator[bytes] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def operation(
    *,
    summary: str,
    roles: Collection[Role] = (),
    public: bool = False,
    body: type[Schema] | None = None,
    query: type[Schema] | None = None,
    answer: type[Schema] | None = None,
    status: int = 200,
    errors: Sequence[str] = (),
    versioned: bool = False,
    media_type: str = "application/json",
    transactional: bool = True,
    shown_once: Collection[str] = (),
    body_limit_bytes: int | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a view of a blueprint: ``view(call: ApiCall, **path parameters)``.

    Args:
        roles: who may; ``public`` instead lets everybody in.
        errors: codes of the rules it may break (409) or find missing (404).
        versioned: heeds ``If-Match``.
        transactional: ``False`` for a command that opens several transactions itself; it must be
            harmless to repeat, for it heeds no ``Idempotency-Key``.
        shown_once: members of the answer that are secrets: left out of what is kept for a repeat
            with the same ``Idempotency-Key``, so that they lie nowhere in the clear.
        body_limit_bytes: for a route that takes files; unset: the setting's.
    """
    if bool(roles) == public:
        raise ValueError(f"{summary!r}: either roles or public")

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        view.operation = Operation(  # type: ignore[attr-defined]  # -- read by the app factory
            summary=summary,
            roles=frozenset(roles),
            public=public,
            body=body,
            query=query,
            answer=answer,
            status=status,
            errors=tuple(errors),
            versioned=versioned,
            media_type=media_type,
            transactional=transactional,
            shown_once=frozenset(shown_once),
            body_limit_bytes=body_limit_bytes,
        )
        return view

    return declare


@dataclass(frozen=True, kw_only=True)
class Doorway:
    """What doors need of the process.

    Attributes:
        key_actor: who holds an API key (a bearer that begins with ``API_KEY_PREFIX``), for a
            service that hands keys out; raises ``Unauthenticated`` for a key nobody holds.
    """

    verifier: TokenVerifier
    unit_of_work: RunsWork
    answers: IdempotencyStore
    key_actor: Callable[[str], Actor] | None = None


class Door:
    """A view behind its door; what Flask calls."""

    def __init__(self, view: Callable[..., Any], declared: Operation, way: Doorway) -> None:
        self.__name__ = view.__name__
        self._view = view
        self.operation = declared
        self._way = way
        # Made once: a schema's fields are copied whenever it is made; loading leaves it as it is.
        self._body_schema = _made(declared.body)
        self._query_schema = _made(declared.query)
        self._answer_schema = _made(declared.answer)

    def __call__(self, **path: Any) -> Response:
        actor = self._actor()
        path = {name: str(value) for name, value in path.items()}
        if request.method in SAFE_METHODS:
            call = ApiCall(
                actor=actor,
                query=self._query(),
                command_id=new_id(),
            )
            return self._conditional(self._response(self._view(call, **path)))
        return self._command(actor, path)

    def _actor(self) -> Actor:
        header = request.headers.get("Authorization")
        if header is None:
            if self.operation.public:
                g.actor_id = PUBLIC_ACTOR.actor_id
                return PUBLIC_ACTOR
            raise Unauthenticated("token.missing", "sign in first: send a bearer token")
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated(
                "token.malformed", "send the token as: Authorization: Bearer TOKEN"
            )
        if self._way.key_actor is not None and token.startswith(API_KEY_PREFIX):
            actor = self._way.key_actor(token)
        else:
            actor = self._way.verifier.actor(token)
        g.actor_id = actor.actor_id
        if not self.operation.public:
            actor.require(*self.operation.roles)
        return actor

    def _command(self, actor: Actor, path: dict[str, str]) -> Response:
        key = checked_key(request.headers.get("Idempotency-Key"))
        if self.operation.body_limit_bytes is not None:
            request.max_content_length = self.operation.body_limit_bytes
        raw = _raw_body(request)
        wanted = fingerprint(request.method, request.full_path, raw)
        command_id = _command_id(actor, key, wanted)
        call = ApiCall(
            actor=actor,
            body=self._body(raw),
            query=self._query(),
            expected_version=_expected_version(request) if self.operation.versioned else None,
            command_id=command_id,
        )

        if not self.operation.transactional:
            return self._response(self._view(call, **path))

        def work() -> Response:
            if key is not None:
                stored = self._way.answers.find(command_id)
                if stored is not None:
                    return _replayed(stored, wanted)
            response = self._response(self._view(call, **path))
            if key is not None:
                self._way.answers.put(
                    command_id,
                    wanted,
                    response.status_code,
                    _kept(response),
                    _without(response.get_data(True), self.operation.shown_once),
                )
            return response

        try:
            return self._way.unit_of_work.run(work, command_id=command_id)
        except AlreadyExists:
            # The same command may have come twice at once; the other one won.
            stored = self._way.answers.find(command_id) if key is not None else None
            if stored is None:
                raise
            return _replayed(stored, wanted)

    def _body(self, raw: bytes) -> Mapping[str, Any]:
        if self._body_schema is None:
            return {}
        read = read_object(raw, mimetype=request.mimetype)
        try:
            loaded: Mapping[str, Any] = self._body_schema.load(read)
        except ValidationError as error:
            raise InvalidBody(
                "body.invalid",
                "some fields are wrong: see problems",
                problems=field_problems(error.messages),
            ) from error
        return loaded

    def _query(self) -> Mapping[str, Any]:
        if self._query_schema is None:
            return {}
        try:
            loaded: Mapping[str, Any] = self._query_schema.load(request.args.to_dict())
        except ValidationError as error:
            raise BadInput(
                "query.invalid",
                "some query parameters are wrong: see problems",
                problems=field_problems(error.messages),
            ) from error
        return loaded

    def _response(self, answered: Any) -> Response:
        answer = answered if isinstance(answered, Answer) else Answer(body=answered)
        status = answer.status or self.operation.status
        if answer.content is not None:
            response = Response(answer.content, status=status, mimetype=self.operation.media_type)
        elif answer.body is None:
            response = Response(b"", status=status if status != 200 else 204)
            response.headers.pop("Content-Type", None)
        else:
            response = Response(
                json.dumps(self._dumped(answer.body), ensure_ascii=False),
                status=status,
                mimetype=self.operation.media_type,
            )
        if answer.location is not None:
            response.headers["Location"] = answer.location
        if answer.version is not None:
            response.set_etag(str(answer.version))
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in answer.headers.items():
            response.headers[name] = value
        return response

    def _dumped(self, body: Any) -> Any:
        if self._answer_schema is None:
            return body
        if isinstance(body, list | tuple):
            raise TypeError("an answer is one object; lists go into a page")
        return self._answer_schema.dump(body)

    def _conditional(self, response: Response) -> Response:
        tag, _ = response.get_etag()
        if tag is not None and request.if_none_match.contains_weak(tag):
            response.status_code = 304
            response.set_data(b"")
            response.headers.pop("Content-Length", None)
            response.headers.pop("Content-Type", None)
        return response


def _made(schema: type[Schema] | None) -> Schema | None:
    return None if schema is None else schema(unknown=RAISE)


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


def _raw_body(asked: Request) -> bytes:
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


def _command_id(actor: Actor, key: str | None, wanted: str) -> str:
    """The same for a repeat by the same person; all who come without a token are one actor, so
    there a key only stands for the very same request and never for a stranger's."""
    if key is None:
        return new_id()
    if actor == PUBLIC_ACTOR:
        return derived_id(actor.actor_id, key, wanted)
    return derived_id(actor.actor_id, key)


def _expected_version(asked: Request) -> int | None:
    header = asked.headers.get("If-Match")
    if header is None or header == "*":
        return None
    text = header.removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        raise BadInput("version.malformed", "send the ETag you were given", field="If-Match")
    return int(text)


def _kept(response: Response) -> dict[str, str]:
    return {
        name: response.headers[name]
        for name in ("Content-Type", "Location", "ETag")
        if name in response.headers
    }


def _without(body: str, shown_once: frozenset[str]) -> str:
    if not shown_once or not body:
        return body
    kept = {name: value for name, value in json.loads(body).items() if name not in shown_once}
    return json.dumps(kept, ensure_ascii=False)


def _replayed(stored: StoredAnswer, wanted: str) -> Response:
    refuse_other_use(stored, wanted)
    response = Response(stored.body or "", status=stored.status)
    response.headers.pop("Content-Type", None)
    response.headers.update(stored.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response
