"""From an application's way through selection to its outcome at each stage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from services.selection.domain.fairness.monitor import Outcome, StageReport, stage_report
from services.selection.domain.interview import Interview, InterviewStatus
from services.selection.domain.offer import Offer
from services.selection.domain.screening import Screening, ScreeningStatus

STAGES = ("eligible", "shortlisted", "interviewed", "offered")

NOT_SAID = "not_said"
"""Group of those who did not answer."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How far one application came.

    Attributes:
        traits: ``country``, ``route`` and answered closed questions -> group code.
        reviewed: the reviews are complete, whatever came of them.
        offered: ``None`` while no offer went out to anybody of the call.
    """

    traits: Mapping[str, str]
    status: ScreeningStatus
    reviewed: bool
    interview: InterviewStatus | None
    offered: bool | None


def ways_of(
    screenings: Iterable[Screening], interviews: Iterable[Interview], offers: Iterable[Offer]
) -> list[Way]:
    """The ways of these applications; several answers to one question make a group of their own."""
    held = {interview.application_id: interview.status for interview in interviews}
    offered = {offer.application_id for offer in offers}
    return [
        Way(
            traits={
                **{a.question_code: "+".join(sorted(a.option_codes)) for a in s.answers},
                "country": s.country_code,
                "route": s.route,
            },
            status=s.status,
            reviewed=s.review_milli is not None,
            interview=held.get(s.application_id),
            offered=s.application_id in offered if offered else None,
        )
        for s in screenings
    ]


def report(ways: Collection[Way], trait: str) -> tuple[StageReport, ...]:
    """Rates of every stage by one trait; who withdrew is left out, who waits is not decided yet."""
    staying = [way for way in ways if way.status is not ScreeningStatus.WITHDRAWN]
    return tuple(stage_report(stage, _outcomes(staying, stage, trait)) for stage in STAGES)


def _outcomes(ways: Iterable[Way], stage: str, trait: str) -> Iterable[Outcome]:
    for way in ways:
        passed = _passed(way, stage)
        if passed is not None:
            yield Outcome(group_code=way.traits.get(trait, NOT_SAID), passed=passed)


def _passed(way: Way, stage: str) -> bool | None:
    """Whether the stage was passed; ``None``: not reached, or not decided."""
    if stage == "eligible":
        if way.status in (ScreeningStatus.WAITING, ScreeningStatus.UNDECIDED):
            return None
        return way.reviewed or way.status is not ScreeningStatus.REJECTED
    if stage == "shortlisted":
        if not way.reviewed or way.status is ScreeningStatus.REVIEWED:
            return None
        return way.status is ScreeningStatus.SHORTLISTED
    if stage == "interviewed":
        if way.interview in (InterviewStatus.SCORED, InterviewStatus.MISSED):
            return way.interview is InterviewStatus.SCORED
        return None
    return way.offered if way.interview is InterviewStatus.SCORED else None
