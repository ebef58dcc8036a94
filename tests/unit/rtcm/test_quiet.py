from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.clock import SharedClock
from chassis.errors import Unavailable
from rtcm.quiet import NotQuiet, Quiet

NOON = datetime(2021, 1, 9, 12, tzinfo=UTC)
BUSY = {"what": "a job send, begun 3 times", "since": "2021-01-09T11:58:00+00:00"}


class Platform:
    """Services whose answers are listed; the last one is given again and again."""

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, service: str) -> dict[str, Any]:
        self.asked.append(service)
        listed = self.answers[service]
        answer = listed.pop(0) if len(listed) > 1 else listed[0]
        if isinstance(answer, Exception):
            raise answer
        return {"service": service, **answer}


def at_rest(reached: int = 7, next_timer_at: datetime | None = None) -> dict[str, Any]:
    timer = next_timer_at.isoformat() if next_timer_at else None
    return {"waiting": None, "reached": reached, "next_timer_at": timer}


def busy(**waiting: Any) -> dict[str, Any]:
    return {"waiting": {**BUSY, **waiting}, "reached": 7, "next_timer_at": None}


@pytest.fixture
def quiet(tmp_path: Path) -> Callable[[Platform], Quiet]:
    clock = SharedClock(tmp_path / "clock.json")
    clock.move_to(NOON)
    return lambda platform: Quiet(tuple(platform.answers), platform, clock)


def test_two_equal_readings_are_quiet(quiet):
    platform = Platform(a=[at_rest()], b=[at_rest()])

    assert quiet(platform).wait() == []

    assert platform.asked == ["a", "b", "a", "b"]


def test_news_between_two_readings_call_for_a_third(quiet):
    platform = Platform(a=[at_rest(7), at_rest(8)], b=[at_rest()])

    quiet(platform).wait()

    assert platform.asked == ["a", "b"] * 3


def test_a_busy_service_is_asked_until_it_rests_and_nobody_else_meanwhile(quiet):
    platform = Platform(a=[busy(), busy(), at_rest()], b=[at_rest()])

    quiet(platform).wait()

    assert platform.asked == ["a", "a", "a", "b", "a", "b"]


def test_what_still_waits_is_said_in_a_sentence(quiet):
    platform = Platform(a=[at_rest()], b=[busy()])

    with pytest.raises(NotQuiet) as failed:
        quiet(platform).wait(timeout_seconds=0)

    assert str(failed.value) == (
        "after 0 s b still waits for a job send, begun 3 times, since 2021-01-09 11:58:00 UTC"
    )


def test_who_does_not_answer_is_named(quiet):
    platform = Platform(a=[Unavailable("a.unavailable", "a does not answer; try again shortly")])

    with pytest.raises(NotQuiet) as failed:
        quiet(platform).wait(timeout_seconds=0)

    assert str(failed.value) == (
        "after 0 s a cannot say whether it is at rest: "
        "a does not answer; try again shortly (a.unavailable)"
    )


def test_events_without_end_are_not_quiet(quiet):
    platform = Platform(a=[at_rest(1), at_rest(2), at_rest(3)])

    with pytest.raises(NotQuiet, match="after 0 s events still keep coming"):
        quiet(platform).wait(timeout_seconds=0)


def test_time_stops_at_every_timer_on_the_way(quiet):
    first, second = NOON + timedelta(hours=1), NOON + timedelta(hours=3)
    platform = Platform(
        a=[*[at_rest(next_timer_at=second)] * 4, at_rest()],
        b=[*[at_rest(next_timer_at=first)] * 2, at_rest()],
    )
    stops: list[datetime] = []

    quiet(platform).pass_time(NOON + timedelta(hours=2), on_stop=stops.append)

    assert stops == [first]


def test_time_stops_at_a_timer_that_comes_up_at_another(quiet):
    first, second = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    platform = Platform(
        a=[
            *[at_rest(next_timer_at=first)] * 2,
            *[at_rest(next_timer_at=second)] * 2,
            at_rest(),
        ]
    )
    stops: list[datetime] = []

    quiet(platform).pass_time(second, on_stop=stops.append)

    assert stops == [first, second]
