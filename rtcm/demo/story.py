"""The story of one edition, from the call to the certificate, in the order it happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from chassis.clock import monotonic
from rtcm.demo.receiver import Receiver
from rtcm.demo.scenes import (
    applying,
    attending,
    certifying,
    choosing,
    closing,
    forgetting,
    planning,
    publishing,
)
from rtcm.demo.stage import Stage, Theatre, baku
from rtcm.stack import WORKERS

BEGINS = baku("2020-10-01 09:00")
SEED = 2021

Scene = tuple[str, Callable[[], None]]


class Story:
    """Tells everything once; what does not happen as told raises ``StoryBroken``.

    Args:
        documents: where a certificate and the audit bundle are saved for looking at.
    """

    def __init__(self, theatre: Theatre, *, documents: Path, screen: Console) -> None:
        self._documents = documents
        self._screen = screen
        self.stage = Stage(theatre, seed=SEED, screen=screen)
        self._receiver = Receiver()
        self.seconds: dict[str, float] = {}

    def tell(self) -> dict[str, Any]:
        """Play all scenes.

        Returns:
            The summary (``rtcm demo --summary``).
        """
        began = monotonic()
        try:
            for number, (title, scene) in enumerate(self._scenes(), start=1):
                self._screen.print(f"[bold]{number}. {title}[/bold]")
                scene_began = monotonic()
                scene()
                self.seconds[title] = round(monotonic() - scene_began, 1)
        finally:
            self._receiver.close()
        return self._summary(monotonic() - began)

    def _scenes(self) -> list[Scene]:
        stage, receiver = self.stage, self._receiver

        def publish() -> None:
            closing.subscribe(stage, receiver)
            publishing.publish_school(stage)
            choosing.set_rules(stage)
            publishing.open_school(stage)
            choosing.bind_lottery(stage)
            publishing.publish_course(stage)
            certifying.set_terms(stage)

        def apply() -> None:
            applying.apply(stage)
            applying.apply_wrongly(stage)

        def choose() -> None:
            choosing.review(stage)
            choosing.interview(stage)
            choosing.allocate(stage)
            choosing.answer(stage)
            choosing.prove(stage, self._documents)

        def plan() -> None:
            planning.plan_school(stage)
            planning.move_one(stage)

        def teach() -> None:
            attending.enrol(stage)
            attending.attend(stage, until=5)
            applying.nominate(stage)
            planning.plan_course(stage)
            attending.attend(stage)

        def certify() -> None:
            certifying.issue(stage, self._documents)
            certifying.issue_for_course(stage)

        return [
            ("The call: two programmes are published and open", publish),
            ("The form: people apply", apply),
            ("The choice: reviews, interviews, seats", choose),
            ("The timetable", plan),
            ("Six months of trainings; officials of ten countries", teach),
            ("Certificates", certify),
            ("A partner system compares what it got", lambda: closing.compare(stage, receiver)),
            ("One person is forgotten", lambda: closing.erase(stage)),
            ("The activity plan of 2025", lambda: closing.import_plan(stage)),
            (
                "A cohort is forgotten, its certificates are not",
                lambda: forgetting.erase_course(stage, self._documents),
            ),
        ]

    def _summary(self, seconds: float) -> dict[str, Any]:
        self.stage.settle()
        flows = {service: self.stage.get(service, "/ops/flow") for service in WORKERS}
        cast = self.stage.cast
        mails = self.stage.get("notifications", "/messages/counts")
        return {
            "seconds": round(seconds, 1),
            "scenes": self.seconds,
            "parked": sum(flows[service]["parked"] for service in WORKERS),
            "failed_jobs": sum(flows[service]["jobs"]["failed"] for service in WORKERS),
            "events": sum(flows[service]["announced"] for service in WORKERS),
            "events_by_service": {service: flows[service]["announced"] for service in WORKERS},
            "people": {
                name: cast.counts[name]
                for name in (
                    "applications",
                    "screened",
                    "ineligible",
                    "interviewed",
                    "offers",
                    "accepted",
                    "declined",
                    "expired",
                    "participants",
                    "left",
                    "officials",
                    "erased",
                )
            },
            "trainings": cast.counts["trainings"],
            "certificates": cast.counts["certificates"],
            "course_certificates": cast.counts["course_certificates"],
            "course_erased": cast.counts["course_erased"],
            "course_pages": cast.counts["course_pages"],
            "partner_events": cast.counts["partner_events"],
            "plan": cast.counts["plan"],
            "messages": mails,
            "ids": {
                "school": cast.school_id,
                "course": cast.course_id,
                "call": cast.school_call_id,
                "run": cast.run_id,
            },
            "addresses": dict(self.stage.theatre.urls),
            "links": cast.links,
        }


def show(summary: dict[str, Any], screen: Console) -> None:
    """The table at the end."""
    table = Table(title="What happened", title_justify="left", show_header=False)
    for name, value in summary["people"].items():
        table.add_row(name, str(value))
    for name in (
        "trainings",
        "course_certificates",
        "course_erased",
        "course_pages",
        "partner_events",
        "events",
        "parked",
    ):
        table.add_row(name.replace("_", " "), str(summary[name]))
    shown = ", ".join(f"{count} {status}" for status, count in summary["certificates"].items())
    table.add_row("certificates", shown)
    table.add_row("seconds", str(summary["seconds"]))
    screen.print(table)


def holds(summary: dict[str, Any]) -> bool:
    """Whether every number of the end is as it has to be; scenes have checked their own."""
    return bool(summary["parked"] == 0 and summary["failed_jobs"] == 0)


def save(summary: dict[str, Any], file: Path) -> None:
    """Write the summary as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
