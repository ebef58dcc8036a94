"""Aggregates in MongoDB: scope on the way in and out, versions, and the outbox beside them."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pymongo.errors import DuplicateKeyError

from chassis.access import CENTRE, Scope
from chassis.aggregate import Aggregate
from chassis.errors import AlreadyExists, Forbidden, NotFound, StaleVersion
from chassis.mongo.documents import AggregateDocument, as_stored
from chassis.mongo.mapping import from_fields, to_fields
from chassis.mongo.outbox import Outbox
from chassis.mongo.unit_of_work import current_transaction
from contracts.event import topic_of

A = TypeVar("A", bound=Aggregate)


class Repository(Generic[A]):
    """All aggregates of one kind.

    Args:
        name: subject of the error codes, for example ``application``.
        id_field: the attribute that holds the id.
        topic: where its events go; one topic an aggregate, or listeners would see gaps.
    """

    def __init__(
        self,
        *,
        aggregate: type[A],
        document: type[AggregateDocument],
        id_field: str,
        name: str,
        topic: str,
        outbox: Outbox,
    ) -> None:
        self._aggregate = aggregate
        self._document = document
        self._id_field = id_field
        self._name = name
        self._topic = topic
        self._outbox = outbox

    def get(self, id_: str, *, scope: Scope, expected_version: int | None = None) -> A:
        """The aggregate.

        Raises:
            NotFound: ``<name>.not_found``: nothing there, or outside ``scope``.
            StaleVersion: ``<name>.changed_meanwhile``: not at ``expected_version``.
        """
        aggregate = self.find(id_, scope=scope)
        if aggregate is None:
            raise NotFound(f"{self._name}.not_found", f"there is no {self._name} {id_}")
        if expected_version is not None and aggregate.version != expected_version:
            raise self._stale(id_)
        return aggregate

    def find(self, id_: str, *, scope: Scope) -> A | None:
        """The aggregate, or ``None`` when there is none within ``scope``."""
        stored = self._document._get_collection().find_one({"_id": id_})
        if stored is None or not scope.can_read(**_marks(stored)):
            return None
        fields = dict(stored)
        fields[self._id_field] = fields.pop("_id")
        aggregate = from_fields(self._aggregate, fields)
        aggregate.version = stored["version"]
        aggregate.event_count = stored["event_count"]
        aggregate.last_event_ms = stored["last_event_ms"]
        return aggregate

    def save(self, aggregate: A, *, scope: Scope) -> None:
        """Store state and recorded events in the transaction around us.

        Raises:
            Forbidden: ``access.outside_scope``.
            StaleVersion: ``<name>.changed_meanwhile``.
            AlreadyExists: ``<name>.already_exists``.
        """
        fields = to_fields(aggregate)
        marks: dict[str, Any] = {  # the id itself may be one: of a cohort, of a person
            "cohort_id": fields.get("cohort_id"),
            "country_code": fields.get("country_code") or CENTRE,
            "subject_id": fields.get("subject_id"),
        }
        id_ = fields.pop(self._id_field)
        if not scope.can_change(**marks):
            raise Forbidden(
                "access.outside_scope", f"this {self._name} is outside what you may change"
            )
        transaction = current_transaction()
        last_event_ms = aggregate.last_event_ms
        if aggregate.recorded:
            self._check(aggregate, id_)
            last_event_ms = self._outbox.put(
                aggregate.recorded,
                aggregate_id=id_,
                last_sequence=aggregate.event_count,
                last_event_ms=last_event_ms,
            )
        version = aggregate.version + 1
        event_count = aggregate.event_count + len(aggregate.recorded)
        raw = as_stored(
            self._document,
            {
                **fields,
                **marks,
                "id": id_,
                "version": version,
                "event_count": event_count,
                "last_event_ms": last_event_ms,
                "command_id": transaction.command_id,
            },
        )
        self._store(raw, replaces=aggregate.version)
        self._prove(id_, version, transaction.command_id)
        aggregate.version, aggregate.event_count = version, event_count
        aggregate.last_event_ms = last_event_ms
        aggregate.recorded = []

    def _check(self, aggregate: A, id_: str) -> None:
        for event in aggregate.recorded:
            if event.key != id_ or topic_of(event.event_type) != self._topic:
                raise ValueError(
                    f"{self._name} {id_} may not announce {event.event_type} of {event.key}"
                )

    def _store(self, raw: dict[str, Any], *, replaces: int) -> None:
        collection = self._document._get_collection()
        if replaces == 0:
            try:
                collection.insert_one(raw)
            except DuplicateKeyError as error:  # leaves the aborted transaction at once
                raise AlreadyExists(
                    f"{self._name}.already_exists", f"this {self._name} is there already"
                ) from error
            return
        outcome = collection.replace_one({"_id": raw["_id"], "version": replaces}, raw)
        if outcome.matched_count == 0:
            raise self._stale(raw["_id"])

    def _prove(self, id_: str, version: int, command_id: str) -> None:
        wanted = {"_id": id_, "version": version, "command_id": command_id}
        collection = self._document._get_collection()
        current_transaction().proofs.append(lambda: collection.find_one(wanted) is not None)

    def _stale(self, id_: str) -> StaleVersion:
        return StaleVersion(
            f"{self._name}.changed_meanwhile",
            f"{self._name} {id_} was changed meanwhile: read it again and repeat your change",
        )


def _marks(stored: dict[str, Any]) -> dict[str, Any]:
    return {name: stored.get(name) for name in ("country_code", "cohort_id", "subject_id")}
