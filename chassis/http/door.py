"""One door for every route: who, what, once, then the view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, g, request

from chassis.access import PUBLIC_ACTOR, Actor
from chassis.bus import RunsWork
from chassis.errors import AlreadyExists, Unauthenticated
from chassis.http.answering import Answering, replayed
from chassis.http.idempotency import IdempotencyStore, checked_key, fingerprint
from chassis.http.operation import SAFE_METHODS, ApiCall, Operation
from chassis.http.taking import Taking, expected_version, raw_body
from chassis.ids import derived_id, new_id
from chassis.tokens import API_KEY_PREFIX, TokenVerifier


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
        self._takes = Taking(declared.body, declared.query)
        self._answers = Answering(declared)

    def __call__(self, **path: Any) -> Response:
        actor = self._actor()
        path = {name: str(value) for name, value in path.items()}
        if request.method in SAFE_METHODS:
            call = ApiCall(
                actor=actor,
                query=self._takes.query(request),
                command_id=new_id(),
            )
            return self._answers.unless_known(self._view(call, **path), request)
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
        raw = raw_body(request)
        wanted = fingerprint(request.method, request.full_path, raw)
        command_id = _command_id(actor, key, wanted)
        call = ApiCall(
            actor=actor,
            body=self._takes.body(raw, request),
            query=self._takes.query(request),
            expected_version=expected_version(request) if self.operation.versioned else None,
            command_id=command_id,
        )

        if not self.operation.transactional:
            return self._answers.response(self._view(call, **path))

        def work() -> Response:
            if key is not None:
                stored = self._way.answers.find(command_id)
                if stored is not None:
                    return replayed(stored, wanted)
            response = self._answers.response(self._view(call, **path))
            if key is not None:
                self._way.answers.put(
                    command_id,
                    wanted,
                    response.status_code,
                    *self._answers.kept(response),
                )
            return response

        try:
            return self._way.unit_of_work.run(work, command_id=command_id)
        except AlreadyExists:
            # The same command may have come twice at once; the other one won.
            stored = self._way.answers.find(command_id) if key is not None else None
            if stored is None:
                raise
            return replayed(stored, wanted)


def _command_id(actor: Actor, key: str | None, wanted: str) -> str:
    """The same for a repeat by the same person; all who come without a token are one actor, so
    there a key only stands for the very same request and never for a stranger's."""
    if key is None:
        return new_id()
    if actor == PUBLIC_ACTOR:
        return derived_id(actor.actor_id, key, wanted)
    return derived_id(actor.actor_id, key)
