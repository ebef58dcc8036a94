"""Who waits: timers whose time is moved, and what a service says that is at rest or busy."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

from chassis.clock import SharedClock, wall_now
from chassis.ids import new_id
from chassis.mongo import timers
from chassis.mongo.jobs import MongoJobs
from chassis.mongo.timers import MongoTimers
from chassis.ports import Timer
from chassis.worker.flow import Flow
from chassis.worker.timekeeper import TimerLoop
from tests.integration.flow.scene import Scene, until


def milliseconds(instant: datetime) -> datetime:
    """As the database keeps it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def test_a_timer_fires_when_time_is_moved_past_it(scene: Scene, tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock.json")
    fired: list[Timer] = []
    loop = TimerLoop(
        handlers={"remind": fired.append},
        unit_of_work=scene.unit_of_work,
        clock=clock,
        wake=threading.Event(),
        stop=scene.stop,
    )
    due_at = clock() + timedelta(days=200)
    scene.unit_of_work.run(lambda: MongoTimers().set("remind", "a", due_at), command_id=new_id())
    assert timers.next_due_at(clock()) == milliseconds(due_at)

    scene.run(loop)
    clock.move_to(due_at)

    until(lambda: [timer.key for timer in fired] == ["a"])
    until(lambda: timers.next_due_at(clock()) is None)


def test_a_service_at_rest_says_so_and_a_busy_one_what_it_waits_for(scene: Scene) -> None:
    flow = Flow("listener", scene.subscription, lambda: scene.log, wall_now)
    due_at = wall_now() + timedelta(days=3)
    scene.unit_of_work.run(lambda: MongoTimers().set("remind", "a", due_at), command_id=new_id())
    scene.consumer()
    assert flow.rest() == {
        "service": "listener",
        "waiting": None,
        "reached": 0,
        "next_timer_at": milliseconds(due_at),
    }

    scene.grow(new_id())

    assert flow.rest()["waiting"]["what"] == "announcements that are not in the log"
    scene.relay()
    until(lambda: flow.rest()["waiting"] is None)
    assert flow.rest()["reached"] == 1
    scene.unit_of_work.run(lambda: MongoJobs().add("send", "a", {}), command_id=new_id())
    assert flow.rest()["waiting"]["what"] == "a job send, begun 0 times"
