"""An in-memory repository: what ``chassis.mongo.repository`` does, without a database."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from chassis.access import CENTRE, EVERYTHING, Scope
from chassis.aggregate import Aggregate
from chassis.errors import AlreadyExists, Forbidden, NotFound, StaleVersion
from chassis.mongo.mapping import from_fields, to_fields
from contracts.event import Event

A = TypeVar("A", bound=Aggregate)


class Shelf(Generic[A]):
    """All aggregates of one kind.

    State is kept as the fields that would be stored, so that an aggregate that cannot be stored
    fails here too, and nobody holds what is on the shelf by reference.

    Args:
        laid: aggregates that are there from the beginning; their events are not in ``outbox``.
        key: the attribute that holds the id.
        name: subject of the error codes; by default the key without ``_id``.

    Attributes:
        outbox: events of all saves, in order.
    """

    def __init__(self, *laid: A, key: str, name: str | None = None) -> None:
        self._key = key
        self._name = name or key.removesuffix("_id")
        self._rows: dict[str, tuple[type[A], dict[str, Any], int, int]] = {}
        self.outbox: list[Event] = []
        for aggregate in laid:
            self.save(aggregate, scope=EVERYTHING)
        self.outbox.clear()

    def get(self, id_: str, *, scope: Scope, expected_version: int | None = None) -> A:
        """The aggregate; raises ``NotFound`` or ``StaleVersion``."""
        aggregate = self.find(id_, scope=scope)
        if aggregate is None:
            raise NotFound(f"{self._name}.not_found", f"there is no {self._name} {id_}")
        if expected_version is not None and aggregate.version != expected_version:
            raise self._stale(id_)
        return aggregate

    def find(self, id_: str, *, scope: Scope) -> A | None:
        """The aggregate or ``None``."""
        if id_ not in self._rows:
            return None
        kind, fields, version, event_count = self._rows[id_]
        if not scope.can_read(**_marks(fields)):
            return None
        aggregate = from_fields(kind, fields)
        aggregate.version, aggregate.event_count = version, event_count
        return aggregate

    def save(self, aggregate: A, *, scope: Scope) -> None:
        """Keep state and recorded events; raises as the real one does."""
        fields = to_fields(aggregate)
        id_ = fields[self._key]
        if not scope.can_change(**_marks(fields)):
            raise Forbidden("access.outside_scope", f"this {self._name} is outside your scope")
        if aggregate.version == 0 and id_ in self._rows:
            raise AlreadyExists(f"{self._name}.already_exists", f"{self._name} {id_} is there")
        if aggregate.version and aggregate.version != self._rows[id_][2]:
            raise self._stale(id_)
        for event in aggregate.recorded:
            assert event.key == id_, f"{event.event_type} is not about {id_}"
        aggregate.version += 1
        aggregate.event_count += len(aggregate.recorded)
        self._rows[id_] = (type(aggregate), fields, aggregate.version, aggregate.event_count)
        self.outbox.extend(aggregate.recorded)
        aggregate.recorded = []

    def all(self) -> list[A]:
        """Everything on the shelf, in the order it first came."""
        return [self.get(id_, scope=EVERYTHING) for id_ in self._rows]

    def only(self) -> A:
        """The one aggregate there is."""
        (aggregate,) = self.all()
        return aggregate

    def _stale(self, id_: str) -> StaleVersion:
        return StaleVersion(f"{self._name}.changed_meanwhile", f"{id_} was changed meanwhile")


def _marks(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "country_code": fields.get("country_code") or CENTRE,
        "cohort_id": fields.get("cohort_id"),
        "subject_id": fields.get("subject_id"),
    }
