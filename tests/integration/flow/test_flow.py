"""From commit to effect on the embedded engines: order, repeats, gaps, poison, timers, jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from chassis.access import EVERYTHING, Actor, Role
from chassis.clock import wall_now
from chassis.errors import RuleViolation, Unavailable
from chassis.ids import new_id
from chassis.log.port import Topic
from chassis.mongo import inbox, jobs, outbox, parked, timers
from chassis.mongo.jobs import MongoJobs
from chassis.mongo.timers import MongoTimers
from chassis.ports import Job, Timer
from chassis.worker.consumer import BREAKER_LIMIT
from chassis.worker.jobber import JobFailed, JobLoop
from chassis.worker.parking import Parking
from chassis.worker.timekeeper import TimerLoop
from contracts.registration import ProgrammePublished
from tests.integration.flow.counter import (
    TOPIC,
    Counter,
    counters,
    hear,
)
from tests.integration.flow.scene import Scene, until

OPERATOR = Actor(actor_id="operator-1", roles=frozenset({Role.OPERATOR}))


def steps(count: int) -> list[str]:
    return [f"step {number}" for number in range(1, count + 1)]


def test_every_step_is_heard_once_and_in_order(scene: Scene) -> None:
    ids = [new_id() for _ in range(5)]
    scene.relay()
    scene.consumer()
    for _ in range(4):
        for counter_id in ids:
            scene.grow(counter_id)

    until(lambda: all(len(scene.heard(counter_id)) == 4 for counter_id in ids))
    assert [scene.heard(counter_id) for counter_id in ids] == [steps(4)] * 5
    until(lambda: outbox.pending_count() == 0)


def test_a_republished_outbox_changes_nothing(scene: Scene) -> None:
    counter_id = new_id()
    scene.grow(counter_id, 3)
    scene.relay()
    scene.consumer()
    until(lambda: len(scene.heard(counter_id)) == 3)

    assert outbox.republish() == 3
    ends = scene.log.end_offsets([TOPIC])
    until(lambda: sum(scene.log.end_offsets([TOPIC]).values()) >= sum(ends.values()))
    until(lambda: outbox.pending_count() == 0)
    scene.grow(counter_id)
    until(lambda: len(scene.heard(counter_id)) >= 4)

    assert scene.heard(counter_id) == steps(4)


def test_a_wiped_log_is_filled_again_with_the_same_ids(scene: Scene) -> None:
    counter_id = new_id()
    scene.grow(counter_id, 3)
    scene.relay()
    scene.consumer()
    until(lambda: len(scene.heard(counter_id)) == 3)

    scene.log.delete_topics([TOPIC])
    scene.log.create_topics([Topic(TOPIC, partition_count=3)])
    outbox.republish()
    until(lambda: sum(scene.log.end_offsets([TOPIC]).values()) == 3)
    scene.grow(counter_id)
    until(lambda: len(scene.heard(counter_id)) == 4)

    assert scene.heard(counter_id) == steps(4)


def test_a_gap_in_the_log_is_filled_from_the_producer(scene: Scene) -> None:
    counter_id = new_id()
    scene.grow(counter_id, 3)
    lost = outbox.pending(first_shard=0, end_shard=16, limit=10)[:2]
    outbox.mark_published(lost)  # as a log would be that lost its first records
    scene.relay()
    scene.consumer()

    until(lambda: len(scene.heard(counter_id)) == 3)
    assert scene.heard(counter_id) == steps(3)


def test_a_transient_failure_is_waited_out(scene: Scene) -> None:
    counter_id = new_id()
    failures = iter([True, True, True])

    def flaky(event: ProgrammePublished) -> None:
        if next(failures, False):
            raise Unavailable("test.away", "away for a moment")
        hear(event)

    scene.handler = flaky
    scene.grow(counter_id, 2)
    scene.relay()
    scene.consumer()

    until(lambda: len(scene.heard(counter_id)) == 2)
    assert scene.heard(counter_id) == steps(2)
    assert parked.waiting() == []


def poisoned(scene: Scene, bad: str) -> None:
    def refuse(event: ProgrammePublished) -> None:
        if event.programme_id == bad and event.titles["en"] == "step 2":
            raise RuleViolation("test.poison", "cannot be taken")
        hear(event)

    scene.handler = refuse


def test_a_poisoned_event_stops_only_its_key_and_is_redriven_in_order(scene: Scene) -> None:
    bad, good = new_id(), new_id()
    poisoned(scene, bad)
    scene.grow(bad, 4)
    scene.grow(good, 4)
    scene.relay()
    scene.consumer()

    until(lambda: scene.heard(good) == steps(4))
    until(lambda: len(parked.waiting()) == 3)
    assert scene.heard(bad) == steps(1)
    queue = parked.queue_of(inbox.mark_id("rtcm.listener", TOPIC, bad))
    assert [(event.sequence, event.reason) for event in queue] == [
        (2, "test.poison"),
        (3, parked.BEHIND),
        (4, parked.BEHIND),
    ]

    parking = Parking(scene.intake, scene.unit_of_work)
    with pytest.raises(RuleViolation) as refused:
        parking.redrive(queue[0].id, actor=OPERATOR)
    assert refused.value.code == "parked.failed_again"

    scene.handler = hear
    assert parking.redrive(queue[0].id, actor=OPERATOR) == 3
    scene.grow(bad)
    until(lambda: len(scene.heard(bad)) == 5)
    assert scene.heard(bad) == steps(5)
    assert parked.waiting() == []


def test_a_skipped_event_leaves_no_effect_and_lets_the_rest_go(scene: Scene) -> None:
    bad = new_id()
    poisoned(scene, bad)
    scene.grow(bad, 3)
    scene.relay()
    scene.consumer()
    until(lambda: len(parked.waiting()) == 2)
    parking = Parking(scene.intake, scene.unit_of_work)
    first, second = parked.queue_of(inbox.mark_id("rtcm.listener", TOPIC, bad))

    with pytest.raises(RuleViolation) as refused:
        parking.skip(second.id, reason="not the first", actor=OPERATOR)
    assert refused.value.code == "parked.not_first"
    parking.skip(first.id, reason="known to be wrong", actor=OPERATOR)
    parking.redrive(second.id, actor=OPERATOR)

    assert scene.heard(bad) == ["step 1", "step 3"]


def test_a_redrive_behind_a_gap_is_refused_and_keeps_the_event(scene: Scene) -> None:
    bad = new_id()
    poisoned(scene, bad)
    scene.grow(bad, 3)
    scene.relay()
    scene.consumer()
    until(lambda: len(parked.waiting()) == 2)
    mark = inbox.mark_id("rtcm.listener", TOPIC, bad)
    first, second = parked.queue_of(mark)
    scene.unit_of_work.run(
        lambda: parked.settle(
            first.id, outcome="skipped", by="nobody", reason=None, at=first.parked_at
        ),
        command_id=new_id(),
    )  # as if it had been lost

    with pytest.raises(RuleViolation) as refused:
        Parking(scene.intake, scene.unit_of_work).redrive(second.id, actor=OPERATOR)

    assert refused.value.code == "parked.gap"
    assert [event.id for event in parked.queue_of(mark)] == [second.id]


def test_a_record_that_is_no_event_is_parked_where_it_stood(scene: Scene) -> None:
    producer = scene.log.producer()
    producer.append(TOPIC, "some-key", b"\xff not an event").result()
    producer.close()
    scene.consumer()

    until(lambda: len(parked.waiting()) == 1)
    event = parked.waiting()[0]
    assert (event.reason, event.event_id, event.key) == ("MalformedEvent", None, "some-key")


def test_a_release_that_takes_nothing_opens_the_breaker(scene: Scene) -> None:
    def broken(_: ProgrammePublished) -> None:
        raise RuleViolation("test.bad_release", "takes nothing")

    scene.handler = broken
    for _ in range(BREAKER_LIMIT + 15):
        scene.grow(new_id())
    scene.relay()
    loop = scene.consumer()

    until(lambda: loop.broken)
    assert len(parked.waiting()) == BREAKER_LIMIT


def test_a_timer_fires_once_although_two_look(scene: Scene) -> None:
    counter_id = new_id()
    due_at = wall_now() + timedelta(milliseconds=300)
    scene.unit_of_work.run(
        lambda: MongoTimers().set("grow", counter_id, due_at), command_id=new_id()
    )
    fired: list[Timer] = []

    def grow(timer: Timer) -> None:
        counter = counters().find(timer.key, scope=EVERYTHING) or Counter(counter_id=timer.key)
        counter.grow()
        counters().save(counter, scope=EVERYTHING)
        fired.append(timer)

    for _ in range(2):
        scene.run(
            TimerLoop(
                handlers={"grow": grow},
                unit_of_work=scene.unit_of_work,
                clock=wall_now,
                wake=threading.Event(),
                stop=scene.stop,
            )
        )

    until(lambda: bool(fired))
    until(lambda: timers.next_due_at(wall_now()) is None)
    assert counters().get(counter_id, scope=EVERYTHING).value == 1


def test_a_job_is_tried_until_done_and_given_up_when_hopeless(scene: Scene) -> None:
    tries: dict[str, int] = {"good": 0, "bad": 0}
    done = threading.Event()

    def work(job: Job) -> Callable[[], None]:
        tries[job.key] += 1
        if job.key == "bad":
            raise JobFailed("test.hopeless", "cannot be done")
        if job.attempt == 1:
            raise Unavailable("test.away", "away for a moment")
        return done.set

    def add() -> None:
        for key in ("good", "bad", "good"):
            MongoJobs().add("work", key, {})

    scene.unit_of_work.run(add, command_id=new_id())
    for _ in range(2):
        scene.run(
            JobLoop(
                handlers={"work": work},
                unit_of_work=scene.unit_of_work,
                wake=threading.Event(),
                stop=scene.stop,
            )
        )

    until(done.is_set)
    until(lambda: jobs.counts() == {"waiting": 0, "failed": 1})
    assert tries == {"good": 2, "bad": 1}
    assert jobs.failed()[0]["last_error"] == "test.hopeless: cannot be done"
