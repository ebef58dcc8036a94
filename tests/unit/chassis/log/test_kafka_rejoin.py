"""A join that ended between two polls is taken up, not repeated."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from chassis.log.kafka.rejoin import keep_finished_joins


class Coordinator:
    """What the repair touches of kafka-python's, with a broker that counts."""

    def __init__(self) -> None:
        self.generation = -1
        self.prepared = 0
        self.asked_for = False
        self.broker_says: list[int | Exception] = []

    def group_metadata(self) -> SimpleNamespace:
        return SimpleNamespace(generation_id=self.generation)

    def request_rejoin(self) -> None:
        self.asked_for = True

    async def _on_join_prepare_async(self, *_: object, timeout_ms: int) -> None:
        self.prepared += 1

    async def _do_join_and_sync_async(self) -> bytes:
        said = self.broker_says.pop(0)
        if isinstance(said, Exception):
            raise said
        self.generation = said
        return f"assignment {said}".encode()

    def rebalance(self) -> None:
        asyncio.run(self._on_join_prepare_async(1, "m", timeout_ms=5))

    def attempt(self) -> bytes:
        return asyncio.run(self._do_join_and_sync_async())


@pytest.fixture
def coordinator() -> Coordinator:
    repaired = Coordinator()
    keep_finished_joins(repaired)
    return repaired


def test_attempts_of_one_rebalance_share_the_finished_join(coordinator: Coordinator) -> None:
    coordinator.broker_says = [7]
    coordinator.rebalance()
    assert [coordinator.attempt() for _ in range(3)] == [b"assignment 7"] * 3


def test_the_next_rebalance_asks_the_broker_again(coordinator: Coordinator) -> None:
    coordinator.broker_says = [7, 8]
    coordinator.rebalance()
    coordinator.attempt()
    coordinator.rebalance()
    assert coordinator.attempt() == b"assignment 8"
    assert coordinator.prepared == 2


def test_a_join_whose_generation_was_lost_is_not_taken_up(coordinator: Coordinator) -> None:
    coordinator.broker_says = [7, 9]
    coordinator.rebalance()
    coordinator.attempt()
    coordinator.generation = -1  # what kafka-python does when the broker disowns the member
    assert coordinator.attempt() == b"assignment 9"


def test_a_failed_join_is_tried_again(coordinator: Coordinator) -> None:
    coordinator.broker_says = [RuntimeError("rebalance in progress"), 7]
    coordinator.rebalance()
    with pytest.raises(RuntimeError):
        coordinator.attempt()
    assert coordinator.attempt() == b"assignment 7"
