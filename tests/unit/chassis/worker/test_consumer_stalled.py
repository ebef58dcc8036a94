"""A member that is given nothing although there is something joins anew, and only then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from chassis.log.port import LogUnavailable, Partition, Record
from chassis.worker.consumer import ConsumerLoop
from chassis.worker.intake import Intake, Subscription

T = TypeVar("T")
HERE = Partition("topic", 0)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def tombstone(offset: int) -> Record:
    """The loop takes it without asking anybody."""
    return Record(HERE, offset, "key", None, NOON)


class Member:
    """One joining: what its polls bring, the last of them for ever."""

    def __init__(self, log: FakeLog, polls: Sequence[Sequence[Record]]) -> None:
        self._log = log
        self._polls = list(polls)
        self.closed = False

    def poll(self, *, timeout_seconds: float, limit: int) -> Sequence[Record]:
        self._log.count_poll()
        return self._polls.pop(0) if len(self._polls) > 1 else self._polls[0]

    def commit(self, positions: Mapping[Partition, int]) -> None:
        self._log.stored.update(positions)

    def assignment(self) -> frozenset[Partition]:
        return frozenset({HERE})

    def resume(self, partitions: Iterable[Partition]) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class FakeLog:
    """A log with one partition; stops the loop after some polls."""

    def __init__(self, *joinings: Sequence[Sequence[Record]], end: int, polls: int = 20) -> None:
        self.stop = threading.Event()
        self.end = end
        self.stored: dict[Partition, int] = {}
        self.members: list[Member] = []
        self.looks: Callable[[], None] = lambda: None
        self._joinings = list(joinings)
        self._polls_left = polls

    def count_poll(self) -> None:
        self._polls_left -= 1
        if not self._polls_left:
            self.stop.set()

    def consumer(self, *, group: str, topics: Sequence[str], member: str) -> Member:
        self.members.append(Member(self, self._joinings[len(self.members)]))
        return self.members[-1]

    def end_offsets(self, topics: Iterable[str]) -> dict[Partition, int]:
        self.looks()
        return {HERE: self.end}

    def committed(self, group: str, topics: Iterable[str]) -> dict[Partition, int]:
        return dict(self.stored)


class NoWork:
    """Nothing here comes as far as a transaction."""

    def run(self, work: Callable[[], T], *, command_id: str) -> T:
        raise AssertionError("no event was sent")


def run(log: FakeLog) -> None:
    unit_of_work = NoWork()
    loop: Any = ConsumerLoop
    loop(
        log=log,
        intake=Intake(Subscription("rtcm.test", {}), unit_of_work),
        unit_of_work=unit_of_work,
        fetch_missing=lambda *_: [],
        member="m",
        stop=log.stop,
        watch_seconds=0.0,
    ).run()


def test_a_member_that_is_given_nothing_joins_anew(caplog: pytest.LogCaptureFixture) -> None:
    log = FakeLog([[]], [[tombstone(0), tombstone(1)], []], end=2)
    run(log)
    assert [member.closed for member in log.members] == [True, True]
    assert log.stored == {HERE: 2}
    assert [one.message for one in caplog.records] == ["consumer.stalled"]


def test_a_member_that_has_read_everything_stays() -> None:
    log = FakeLog([[tombstone(0)], []], end=1)
    run(log)
    assert len(log.members) == 1


def test_a_member_that_gets_on_stays_however_far_behind_it_is() -> None:
    polls = [part for offset in range(9) for part in ([], [tombstone(offset)])]
    log = FakeLog([*polls, []], end=99, polls=len(polls) + 1)
    run(log)
    assert len(log.members) == 1
    assert log.stored == {HERE: 9}


def test_a_log_that_does_not_answer_is_no_reason_to_join_anew() -> None:
    log = FakeLog([[]], end=2, polls=2)

    def away() -> None:
        raise LogUnavailable("log.unavailable", "away")

    log.looks = away
    run(log)
    assert len(log.members) == 1
