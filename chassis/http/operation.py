"""What a route promises, what its view is given and what it may answer.

A view is declared with ``@operation`` and gets an ``ApiCall``; it holds no ``try``, reads no
request and knows no Flask context.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema

from chassis.access import Actor, Role
from chassis.ids import derived_id

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
