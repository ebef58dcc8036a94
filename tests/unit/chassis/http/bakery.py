"""A small service to try the doors with: loaves are baked, read and changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask.testing import FlaskClient
from marshmallow import Schema, fields, validate

from chassis.access import Actor, Role, Scope
from chassis.errors import AlreadyExists, NotFound, RuleViolation, StaleVersion, Unavailable
from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from chassis.tokens import TokenIssuer, TokenVerifier, ensure_keys
from tests.fakes import MemoryAnswers, MemoryUnitOfWork

OPERATOR = Actor(actor_id="o1", roles=frozenset({Role.OPERATOR}))
TRAINER = Actor(
    actor_id="t1",
    roles=frozenset({Role.TRAINER}),
    scope=Scope(countries=frozenset({"AZ"}), cohorts=frozenset({"c1"}), subject_id="s1"),
)


class Grain(Schema):
    """One grain of a recipe."""

    name = fields.String(required=True)
    gram_count = fields.Integer(required=True, validate=validate.Range(1, 10_000))


class BakeLoaf(Schema):
    """Body of ``POST /loaves``."""

    name = fields.String(required=True, validate=validate.Length(1, 40))
    grains = fields.List(fields.Nested(Grain), load_default=list)
    notes = fields.Dict(keys=fields.String(), values=fields.Raw(), load_default=dict)


class Loaf(Schema):
    """A loaf."""

    loaf_id = fields.UUID(required=True)
    name = fields.String(required=True)
    version = fields.Integer(required=True)


@dataclass
class Bakery:
    """The app and what is behind it."""

    app: Flask
    client: FlaskClient
    issuer: TokenIssuer
    keys: Path
    answers: MemoryAnswers
    unit_of_work: MemoryUnitOfWork
    loaves: dict[str, Any]
    away: list[str] = field(default_factory=list)
    seen: list[ApiCall] = field(default_factory=list)

    def headers(self, actor: Actor = OPERATOR, **more: str) -> dict[str, str]:
        """Signed in, and any other headers (``Idempotency_Key=...``)."""
        token = self.issuer.for_actor(actor, audience="bakery")
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {token}", **named}

    def bake(self, body: Any = None, **more: str) -> Any:
        """One ``POST /loaves``."""
        return self.client.post(
            "/loaves", json=body or {"name": "rye"}, headers=self.headers(**more)
        )


def open_bakery(keys: Path) -> Bakery:
    """Build it with keys of its own."""
    ensure_keys(keys, ("cli", "console", "bakery", "dairy"))
    loaves: dict[str, Any] = {}
    away: list[str] = []
    seen: list[ApiCall] = []
    answers = MemoryAnswers()
    unit_of_work = MemoryUnitOfWork(loaves, answers.stored)  # type: ignore[arg-type]  # -- any values
    app = create_app(
        service="bakery",
        blueprints=[loaves_blueprint(loaves, seen), odd_blueprint(seen)],
        way=Doorway(
            verifier=TokenVerifier("bakery", keys), unit_of_work=unit_of_work, answers=answers
        ),
        readiness={"oven": _oven(away)},
        translate=lambda error: (
            Unavailable("database.unavailable", "away", retry_after_seconds=7)
            if isinstance(error, TimeoutError)
            else None
        ),
        body_limit_bytes=4_096,
    )
    return Bakery(
        app=app,
        client=app.test_client(),
        issuer=TokenIssuer("cli", keys),
        keys=keys,
        answers=answers,
        unit_of_work=unit_of_work,
        loaves=loaves,
        away=away,
        seen=seen,
    )


def _oven(away: list[str]) -> Callable[[], None]:
    def check() -> None:
        if away:
            raise Unavailable("oven.unavailable", "the oven is cold", retry_after_seconds=3)

    return check


def loaves_blueprint(loaves: dict[str, Any], seen: list[ApiCall]) -> Blueprint:
    """The routes."""
    routes = Blueprint("loaves", __name__)

    @routes.post("/loaves")
    @operation(
        summary="Bake", roles=(Role.OPERATOR,), body=BakeLoaf, answer=Loaf, status=201,
        errors=("loaf.already_exists",),
    )  # fmt: skip
    def bake(call: ApiCall) -> Answer:
        seen.append(call)
        loaf_id = call.id_for("loaf")
        if loaf_id in loaves:
            raise AlreadyExists("loaf.already_exists", "baked already")
        loaves[loaf_id] = {"loaf_id": loaf_id, "name": call.body["name"], "version": 1}
        return Answer(body=loaves[loaf_id], location=f"/loaves/{loaf_id}", version=1)

    @routes.get("/loaves")
    @operation(summary="All", roles=(Role.OPERATOR, Role.TRAINER), query=PageQuery,
               answer=page_of(Loaf))  # fmt: skip
    def show_all(call: ApiCall) -> dict[str, Any]:
        seen.append(call)
        return {"items": list(loaves.values())[: call.query["limit"]], "next_cursor": None}

    @routes.get("/loaves/<uuid:loaf_id>")
    @operation(summary="One", public=True, answer=Loaf, errors=("loaf.not_found",))
    def show(call: ApiCall, loaf_id: str) -> Answer:
        seen.append(call)
        if loaf_id not in loaves:
            raise NotFound("loaf.not_found", "no such loaf")
        return Answer(body=loaves[loaf_id], version=loaves[loaf_id]["version"])

    @routes.put("/loaves/<uuid:loaf_id>")
    @operation(summary="Rename", roles=(Role.OPERATOR,), body=BakeLoaf, answer=Loaf, versioned=True)
    def rename(call: ApiCall, loaf_id: str) -> dict[str, Any]:
        loaf = loaves[loaf_id]
        if call.expected_version not in (None, loaf["version"]):
            raise StaleVersion("loaf.changed_meanwhile", "read it again")
        loaves[loaf_id] = {**loaf, "name": call.body["name"], "version": loaf["version"] + 1}
        changed: dict[str, Any] = loaves[loaf_id]
        return changed

    @routes.delete("/loaves/<uuid:loaf_id>")
    @operation(summary="Eat", roles=(Role.OPERATOR,), errors=("loaf.not_found",))
    def eat(_: ApiCall, loaf_id: str) -> None:
        if loaves.pop(loaf_id, None) is None:
            raise NotFound("loaf.not_found", "no such loaf")

    @routes.post("/loaves/<uuid:loaf_id>/toast")
    @operation(summary="Toast", roles=(Role.OPERATOR,), status=204, errors=("loaf.burnt",))
    def toast(_: ApiCall, loaf_id: str) -> None:
        loaves[loaf_id] = {"loaf_id": loaf_id, "name": "burnt", "version": 1}
        raise RuleViolation("loaf.burnt", "too hot")

    return routes


def odd_blueprint(seen: list[ApiCall]) -> Blueprint:
    """A public command, failures, bytes."""
    routes = Blueprint("odd", __name__)

    @routes.post("/orders")
    @operation(summary="Order, without an account", public=True, body=BakeLoaf, answer=Loaf)
    def order(call: ApiCall) -> dict[str, Any]:
        seen.append(call)
        return {"loaf_id": call.id_for("loaf"), "name": call.body["name"], "version": 1}

    @routes.get("/faults/<kind>")
    @operation(summary="Fail", public=True)
    def fail(_: ApiCall, kind: str) -> None:
        if kind == "database":
            raise TimeoutError("mongodb://user:hunter2@db")
        raise LookupError("hunter2 of Aynur Mammadova")

    @routes.get("/picture")
    @operation(summary="Picture", public=True, media_type="image/png")
    def picture(_: ApiCall) -> Answer:
        return Answer(content=b"\x89PNG", version=4)

    return routes
