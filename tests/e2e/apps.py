"""Every service's API in this process, each on its own fresh database."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from chassis.access import Actor, Role, Scope
from chassis.ids import new_id
from chassis.mongo.connection import Database
from chassis.running import Parts, Platform, api_app
from chassis.settings import SERVICES, load
from chassis.tokens import TokenIssuer, ensure_keys
from contracts.event import Event
from rtcm.commands.settings import settings_class

WITH_API = tuple(service for service in SERVICES if service != "console")
"""Services that answer in JSON; the console answers in pages."""

OPERATOR = Actor(actor_id="operator", roles=frozenset({Role.OPERATOR}))


@dataclass(frozen=True)
class Service:
    """One service's API, and a hand on what its worker would do."""

    name: str
    platform: Platform[Any]
    parts: Parts
    app: Flask
    issuer: TokenIssuer

    @cached_property
    def document(self) -> dict[str, Any]:
        """Its OpenAPI."""
        read = self.app.test_client().get("/openapi.json").json
        assert isinstance(read, dict)
        return read

    def operations(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Method, path and description of each."""
        return [
            (method.upper(), path, described)
            for path, methods in sorted(self.document["paths"].items())
            for method, described in sorted(methods.items())
        ]

    def token(self, actor: Actor) -> str:
        """As the console would sign it."""
        return self.issuer.for_actor(actor, audience=self.name)

    def ask(
        self, method: str, path: str, actor: Actor | None = None, body: Any = None
    ) -> TestResponse:
        """One request; ``None`` comes without a token."""
        headers = {} if actor is None else {"Authorization": f"Bearer {self.token(actor)}"}
        return self.app.test_client().open(path, method=method, json=body, headers=headers)

    def hear(self, *events: Event) -> None:
        """Take events as the consumer does: each in a transaction."""
        for event in events:
            handler = self.parts.on_event[type(event)]
            self.platform.unit_of_work.run(
                lambda handler=handler, event=event: handler(event), command_id=new_id()
            )

    @property
    def database(self) -> Database:
        """Its database."""
        return self.platform.database


@contextmanager
def running(name: str, *, mongo_uri: str, folder: Path, **environ: str) -> Iterator[Service]:
    """A service's API until the block ends.

    One at a time: a process has one database client.
    """
    keys = folder / "keys"
    ensure_keys(keys, [*SERVICES, "cli"])
    everything = {
        "RTCM_MODE": "test",
        "RTCM_MONGO_URI": mongo_uri,
        "RTCM_MONGO_DATABASE_PREFIX": f"test_{new_id()[-12:]}_",
        "RTCM_LOG_URL": f"sqlite:///{folder / 'log.db'}",
        "RTCM_KEYS_DIR": str(keys),
        **environ,
    }
    build = importlib.import_module(f"services.{name}.wiring").build
    platform: Platform[Any] = Platform(name, load(settings_class(name), everything))
    app = api_app(platform, build)
    try:
        yield Service(name, platform, build(platform), app, TokenIssuer("cli", keys))
    finally:
        platform.database.close()
        platform.log.close()


def coordinator(country_code: str) -> Actor:
    """Somebody who acts for one country."""
    return Actor(
        actor_id=f"coordinator-{country_code}",
        roles=frozenset({Role.COORDINATOR}),
        scope=Scope(countries=frozenset({country_code})),
    )
