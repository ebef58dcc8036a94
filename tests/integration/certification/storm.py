"""Two workers on a real database, who die at every step: one certificate each all the same.

``python -m tests.integration.certification.storm --people N --seed S`` is the long form.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from chassis.clock import cpu_seconds, monotonic, wall_now
from chassis.errors import NotFound, StaleVersion, Unavailable
from chassis.ids import new_id
from chassis.mongo import jobs, timers
from chassis.mongo.connection import connect
from chassis.mongo.documents import JobRow, OutboxRow
from contracts.event import Event
from rtcm.mongo_server import MongoServer
from services.certification.domain.award import award_id_of
from services.certification.handlers.kinds import ISSUE
from services.certification.storage.documents import AlumnusDocument, CertificateDocument
from tests.integration.certification.scene import Scene, Vault
from tests.properties.certification.cohorts import RULE, SIZE, Person, an_edition
from tests.properties.certification.oracle import verdict_of

COPIES = 5
WORKERS = 2
DEATHS = 0.05
"""Share of steps at which a worker's process ends."""


class Died(Exception):
    """A worker's process ended here; what it had committed stays."""


class Storm:
    """Everything from enrolment to certificates, by two workers."""

    def __init__(self, scene: Scene, *, people: int, seed: int) -> None:
        self.scene = scene
        self.chance = Random(seed)
        self.editions = [an_edition(number) for number in range(people // SIZE)]
        self.everybody = [person for one in self.editions for person in one.people]
        for person in self.everybody:
            scene.vault.names[person.subject_id] = f"Şəxs {person.number}"
        self.died = 0
        self._lock = threading.Lock()
        self._waiting: list[Any] = []

    def run(self) -> dict[str, Any]:
        """Hear, wait, issue; then say what is not as it must be."""
        for edition in self.editions:
            self._begin(edition.cohort_id, edition.events)
        events = [one for edition in self.editions for one in edition.events for _ in range(COPIES)]
        self._share(events, self._hear)
        self.scene.now += timedelta(minutes=61)
        due = [timer for timer in timers.due(self.scene.now) for _ in range(WORKERS)]
        while left := timers.due(self.scene.now):
            self._share([*due, *left], self._fire)
            due = []
        while self._open_jobs():
            self._share([None] * self._open_jobs(), self._work)
        return {
            "people": len(self.everybody),
            "certificates": CertificateDocument._get_collection().count_documents({}),
            "died": self.died,
            "wrong": dict(Counter(self.wrongs())),
        }

    def wrongs(self) -> list[str]:
        """What is not as the naive oracle says it must be."""
        found = list(CertificateDocument._get_collection().find({}))
        by_award: dict[str, list[Any]] = {}
        for row in found:
            by_award.setdefault(row["award_id"], []).append(row)
        wrong = [said for person in self.everybody for said in _wrong_with(person, by_award)]
        wrong += ["for nobody"] * len(by_award)
        issued = Counter(
            row["aggregate_id"]
            for row in OutboxRow._get_collection().find(
                {"event_type": "rtcm.certification.certificate.issued.v1"}
            )
        )
        if issued != Counter(row["_id"] for row in found):
            wrong.append("not announced exactly once")
        alumni = [row["subject_id"] for row in AlumnusDocument._get_collection().find({})]
        if sorted(alumni) != sorted(row["subject_id"] for row in found):
            wrong.append("alumni are others than the holders")
        return wrong

    def _begin(self, cohort_id: str, events: tuple[Event, ...]) -> None:
        self.scene.hear(events[0])  # a rule wants its cohort to be announced
        answer = self.scene.call(
            "PUT", f"/award-rules/{cohort_id}", json={**_body(RULE), "hold_minutes": 60}
        )
        assert answer.status_code == 200, answer.text

    def _share(self, work: list[Any], do: Callable[[Any], None]) -> None:
        """Both workers take pieces until none is left; one that fails comes again."""
        self._waiting = work
        self.chance.shuffle(work)
        failed: list[BaseException] = []

        def worker() -> None:
            while True:
                with self._lock:
                    if not self._waiting or failed:
                        return
                    piece = self._waiting.pop()
                try:
                    do(piece)
                except (Died, StaleVersion, NotFound, Unavailable):
                    # NotFound: who left before being enrolled; the log keeps the two in order.
                    with self._lock:
                        self._waiting.insert(0, piece)
                except BaseException as problem:
                    failed.append(problem)
                    return

        threads = [threading.Thread(target=worker) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]

    def _may_die(self) -> None:
        with self._lock:
            dies = self.chance.random() < DEATHS
            self.died += dies
        if dies:
            raise Died

    def _transaction(self, work: Callable[[], Any]) -> None:
        def mortal() -> None:
            work()
            self._may_die()  # before the commit: nothing of it stays

        self.scene.platform.unit_of_work.run(mortal, command_id=new_id())
        self._may_die()  # after the commit, before anybody was told

    def _hear(self, event: Event) -> None:
        handler = self.scene.parts.on_event[type(event)]
        self._transaction(lambda: handler(event))

    def _fire(self, timer: Any) -> None:
        handler = self.scene.parts.on_timer[timer.kind]

        def work() -> None:
            if timers.take(timer, fired_at=self.scene.now):
                handler(timer)

        self._transaction(work)

    def _work(self, _: None) -> None:
        claimed = jobs.claim([ISSUE])
        if claimed is None:
            return
        try:
            self._may_die()
            job: Any = claimed  # kind, key and payload are what the handler reads
            completion = self.scene.parts.on_job[ISSUE](job)
            self._may_die()

            def work() -> None:
                # Not asked whether the job is still ours: both workers may complete it.
                jobs.finish(claimed)
                if completion is not None:
                    completion()

            self._transaction(work)
        except Died:
            _end_lease(claimed.id)
            raise

    def _open_jobs(self) -> int:
        where = {"kind": ISSUE, "status": {"$in": ["waiting", "running"]}}
        return int(JobRow._get_collection().count_documents(where))


def _wrong_with(person: Person, by_award: dict[str, list[Any]]) -> list[str]:
    certificates = by_award.pop(award_id_of(person.participant_id), [])
    judged = verdict_of(RULE, list(person.rows))
    is_due = judged["standing"] == "met" and not person.has_left
    if len(certificates) != is_due:
        return [f"{len(certificates)} in force, {int(is_due)} due"]
    if certificates and certificates[0]["kind_code"] != judged["kind"]:
        return ["of the wrong kind"]
    return []


def _body(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the API takes it: what is not asked is left out."""
    grades = [
        {"kind_code": grade["kind_code"], "overall": grade["overall"]} for grade in rule["grades"]
    ]
    return {**rule, "grades": grades}


def _end_lease(job_id: str) -> None:
    """As if the dead worker's half minute were over."""
    JobRow._get_collection().update_one(
        {"_id": job_id, "status": "running"}, {"$set": {"waiting_until": wall_now()}}
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    vault = Vault()
    with tempfile.TemporaryDirectory() as folder, vault.serving() as url:
        server = MongoServer(Path(folder) / "mongo")
        server.start()
        database = connect(server.uri, "storm")
        try:
            began, cpu = monotonic(), cpu_seconds()
            scene = Scene(database, Path(folder), vault, url)
            found = Storm(scene, people=asked.people, seed=asked.seed).run()
            seconds = {"seconds": monotonic() - began, "cpu_seconds": cpu_seconds() - cpu}
            print(json.dumps(found | {name: round(value, 1) for name, value in seconds.items()}))
        finally:
            database.close()
            server.stop()


if __name__ == "__main__":
    main()
