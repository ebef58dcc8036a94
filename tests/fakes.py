"""Stand-ins for the parts we own: what they promise, kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from chassis.errors import AlreadyExists
from chassis.http.idempotency import StoredAnswer

T = TypeVar("T")


class MemoryAnswers:
    """An ``IdempotencyStore``; what is put is kept unless its transaction fails."""

    def __init__(self) -> None:
        self.stored: dict[str, StoredAnswer] = {}

    def find(self, command_id: str) -> StoredAnswer | None:
        return self.stored.get(command_id)

    def put(
        self,
        command_id: str,
        fingerprint: str,
        status: int,
        headers: Mapping[str, str],
        body: str | None,
    ) -> None:
        if command_id in self.stored:
            raise AlreadyExists("document.already_exists", "an answer is there already")
        self.stored[command_id] = StoredAnswer(fingerprint, status, dict(headers), body)


class MemoryUnitOfWork:
    """All or nothing for dictionaries: a failed ``run`` puts them back as they were.

    Attributes:
        command_ids: of every run, in order.
        conflicts: how many tries yet to come are thrown away and run again.
    """

    def __init__(self, *stores: dict[str, object]) -> None:
        self._stores = stores
        self.command_ids: list[str] = []
        self.conflicts = 0

    def run(self, work: Callable[[], T], *, command_id: str) -> T:
        self.command_ids.append(command_id)
        while True:
            before = [dict(store) for store in self._stores]
            try:
                result = work()
            except BaseException:
                self._restore(before)
                raise
            if self.conflicts == 0:
                return result
            self.conflicts -= 1
            self._restore(before)

    def _restore(self, before: list[dict[str, object]]) -> None:
        for store, earlier in zip(self._stores, before, strict=True):
            store.clear()
            store.update(earlier)
