"""Registration's API on a stage: real routes, handlers and rules, nothing stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.access import Actor, Scope
from chassis.errors import NotFound
from chassis.http.app import create_app
from chassis.http.door import Doorway
from chassis.mongo.mapping import to_fields
from chassis.tokens import TokenIssuer, TokenVerifier, ensure_keys
from services.registration.api.applications import applications_blueprint
from services.registration.api.calls import calls_blueprint, public_calls_blueprint
from services.registration.api.cohort_erasures import cohort_erasures_blueprint
from services.registration.api.duplicates import duplicates_blueprint
from services.registration.api.nominations import focal_points_blueprint, nominations_blueprint
from services.registration.api.participants import (
    participants_blueprint,
    roster_blueprint,
    statistics_blueprint,
)
from services.registration.api.programmes import cohorts_blueprint, programmes_blueprint
from services.registration.api.subjects import signins_blueprint, subjects_blueprint
from services.registration.handlers.subjects import opened_details
from tests.builders.registration import OPERATOR
from tests.builders.registration_stage import Stage
from tests.fakes import MemoryAnswers, MemoryUnitOfWork


@dataclass(frozen=True)
class _Page:
    items: list[dict[str, Any]]
    next_after: str | None


class ShelfReads:
    """Reads of what lies on a stage's shelves, as the database would give it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._shelves = {
            "application": (stage.applications, "application_id"),
            "call": (stage.calls, "call_id"),
            "cohort": (stage.cohorts, "cohort_id"),
            "cohort_erasure": (stage.cohort_erasures, "cohort_id"),
            "erasure": (stage.erasures, "subject_id"),
            "focal_point": (stage.focal_points, "focal_point_id"),
            "nomination": (stage.nominations, "nomination_id"),
            "participant": (stage.participants, "participant_id"),
            "programme": (stage.programmes, "programme_id"),
            "subject": (stage.subjects, "subject_id"),
        }

    def one(self, kind: str, id_: str, *, scope: Scope) -> dict[str, Any] | None:
        shelf, key = self._shelves[kind]
        found = shelf.find(id_, scope=scope)
        return None if found is None else _row(found, key)

    def page(
        self,
        kind: str,
        *,
        scope: Scope,
        where: Mapping[str, Any],
        after: str | None,
        limit: int,
    ) -> _Page:
        shelf, key = self._shelves[kind]
        ids = sorted(getattr(one, key) for one in shelf.all())
        rows = [self.one(kind, id_, scope=scope) for id_ in ids if after is None or id_ > after]
        fitting = [
            row
            for row in rows
            if row is not None and all(row.get(name) == wanted for name, wanted in where.items())
        ]
        more = len(fitting) > limit
        return _Page(fitting[:limit], fitting[limit - 1]["id"] if more else None)

    def funnel(self, cohort_id: str, *, scope: Scope) -> dict[str, int]:
        page = self.page(
            "participant", scope=scope, where={"cohort_id": cohort_id}, after=None, limit=10_000
        )
        counted = Counter(f"participants_{row['status']}" for row in page.items)
        return dict(counted)


def _row(aggregate: Any, key: str) -> dict[str, Any]:
    fields = {name: value for name, value in to_fields(aggregate).items() if value is not None}
    return {**fields, "id": fields[key], "version": aggregate.version}


class Api:
    """A client that signs in as whom it is told."""

    def __init__(self, stage: Stage, keys: Path) -> None:
        ensure_keys(keys, ["cli"])
        self._issuer = TokenIssuer("cli", keys)
        reads = ShelfReads(stage)

        def name_of(subject_id: str | None) -> dict[str, str | None]:
            try:
                subject = stage.subjects.get(subject_id or "", scope=Scope())
                details = opened_details(subject, stage.vault)
            except NotFound:
                return {}
            return {"legal_name": details.legal_name, "native_name": details.native_name}

        def key_of(subject_id: str) -> tuple[str, bytes]:
            return stage.vault.key_id(subject_id), b"k" * 32

        self.app = create_app(
            service="registration",
            blueprints=[
                programmes_blueprint(stage.handle, reads),
                cohorts_blueprint(stage.handle, reads),
                cohort_erasures_blueprint(stage.handle, reads, people=stage, settlements=stage),
                calls_blueprint(stage.handle, reads),
                public_calls_blueprint(reads),
                applications_blueprint(
                    stage.handle,
                    reads,
                    applications=stage.applications,
                    calls=stage.calls,
                    vault=stage.vault,
                ),
                focal_points_blueprint(stage.handle, reads),
                nominations_blueprint(
                    stage.handle, reads, focal_points=stage.focal_points, name_of=name_of
                ),
                participants_blueprint(stage.handle, reads),
                roster_blueprint(reads, name_of=name_of),
                statistics_blueprint(reads),
                subjects_blueprint(
                    stage.handle, reads, subjects=stage.subjects, vault=stage.vault, key_of=key_of
                ),
                duplicates_blueprint(reads, vault=stage.vault),
                signins_blueprint(stage.handle),
            ],
            way=Doorway(
                verifier=TokenVerifier("registration", keys),
                unit_of_work=MemoryUnitOfWork(),
                answers=MemoryAnswers(),
            ),
            readiness={},
            translate=lambda _: None,
        )

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        actor: Actor | None = OPERATOR,
        **headers: str,
    ) -> Any:
        """One request; an actor of ``None`` comes without a token."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if actor is not None:
            token = self._issuer.for_actor(actor, audience="registration")
            sent["Authorization"] = f"Bearer {token}"
        return self.app.test_client().open(path, method=method, json=body, headers=sent)
