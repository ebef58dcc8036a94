"""The annual activity plan: its rows, their periods, and how far each has come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from contracts.scheduling import WorkPlanItemProgressed
from services.scheduling.domain.work_plan_period import Period

COUNTED_EVENTS = {
    "timetable.released": "rtcm.scheduling.timetable.released.v1",
    "attendance.recorded": "rtcm.scheduling.attendance.recorded.v1",
    "placement.completed": "rtcm.scheduling.placement.completed.v1",
    "cohort.completed": "rtcm.registration.cohort.completed.v1",
    "participant.enrolled": "rtcm.registration.participant.enrolled.v1",
}
"""What a row may be tied to -> type of the event that is counted."""


class PlanStatus(StrEnum):
    """Whether the head of the unit has signed."""

    DRAFT = "draft"
    SIGNED = "signed"


@dataclass(frozen=True, kw_only=True)
class ProgressRule:
    """How a row fills itself: so many of an event make it complete.

    Attributes:
        counts: a name of ``COUNTED_EVENTS``.
        target_count: this many are 100 percent.
        cohort_ids: only events of these cohorts; empty means of any.
    """

    counts: str
    target_count: int
    cohort_ids: tuple[str, ...] = ()

    def admits(self, counts: str, cohort_id: str) -> bool:
        """Whether an event moves the row on."""
        return counts == self.counts and (not self.cohort_ids or cohort_id in self.cohort_ids)


@dataclass(frozen=True, kw_only=True)
class WorkPlanItem:
    """One row of the plan.

    Attributes:
        counted_ids: what has been counted by the rule, each once, up to the target.
    """

    item_no: str
    direction: LanguageMap
    task: LanguageMap
    methods: tuple[LanguageMap, ...]
    responsible: tuple[LanguageMap, ...]
    when: LanguageMap
    period: Period
    strategy_clauses: tuple[str, ...]
    expected_result: LanguageMap
    progress_percent: int = 0
    rule: ProgressRule | None = None
    counted_ids: tuple[str, ...] = ()

    def is_late(self, today: date) -> bool:
        """Whether its period is over and it is not complete."""
        return today > self.period.last_on and self.progress_percent < 100


@dataclass(kw_only=True)
class WorkPlan(Aggregate):
    """One organisation's plan of one year.

    Rules
      R1  row numbers are unique, and a plan has rows
      R2  a signed plan's rows stay; only their progress changes
      R3  progress is 0 to 100 percent and is set by hand only where no rule counts
      R4  an event counts once per row, up to the row's target
      R5  a draft is signed once
    """

    workplan_id: str
    country_code: str
    year: int
    organisation: LanguageMap
    items: tuple[WorkPlanItem, ...]
    status: PlanStatus = PlanStatus.DRAFT
    signed_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.items:
            raise RuleViolation("workplan.empty", "a plan has rows")
        for number, count in Counter(item.item_no for item in self.items).items():
            if count > 1:
                raise RuleViolation("workplan.row_twice", f"row {number} comes {count} times")

    @property
    def progress_percent(self) -> int:
        """Mean of all rows, rounded down."""
        return sum(item.progress_percent for item in self.items) // len(self.items)

    def item(self, item_no: str) -> WorkPlanItem:
        """A row.

        Raises:
            RuleViolation: ``workplan.no_such_row``.
        """
        for item in self.items:
            if item.item_no == item_no:
                return item
        raise RuleViolation("workplan.no_such_row", f"there is no row {item_no}")

    def sign(self, *, now: datetime) -> None:
        """The head signs the plan.

        Raises:
            RuleViolation: ``workplan.signed``.
        """
        if self.status is PlanStatus.SIGNED:
            raise RuleViolation("workplan.signed", "the plan is signed already")
        self.status, self.signed_at = PlanStatus.SIGNED, now

    def tie(self, item_no: str, rule: ProgressRule) -> None:
        """Let a row fill itself from events; what it had counted before starts anew.

        Raises:
            RuleViolation: ``workplan.no_such_row``, ``workplan.uncountable`` or
                ``workplan.no_target``.
        """
        if rule.counts not in COUNTED_EVENTS:
            raise RuleViolation("workplan.uncountable", f"{rule.counts} cannot be counted")
        if rule.target_count < 1:
            raise RuleViolation("workplan.no_target", "a target is at least 1")
        item = self.item(item_no)
        self._replace(replace(item, rule=rule, counted_ids=(), progress_percent=0))

    def report(self, item_no: str, progress_percent: int, *, now: datetime) -> None:
        """Set a row's progress by hand; records ``WorkPlanItemProgressed``.

        Raises:
            RuleViolation: ``workplan.no_such_row``, ``workplan.counts_itself``,
                ``workplan.not_percent`` or ``workplan.unchanged``.
        """
        item = self.item(item_no)
        if item.rule is not None:
            raise RuleViolation("workplan.counts_itself", f"row {item_no} fills itself from events")
        if not 0 <= progress_percent <= 100:
            raise RuleViolation("workplan.not_percent", "progress lies between 0 and 100")
        if item.progress_percent == progress_percent:
            raise RuleViolation("workplan.unchanged", f"row {item_no} is at that already")
        self._progress(replace(item, progress_percent=progress_percent), None, now)

    def count(self, counts: str, cause_id: str, *, cohort_id: str, now: datetime) -> int:
        """Let an event move the rows tied to it; records ``WorkPlanItemProgressed`` for each.

        Args:
            counts: a name of ``COUNTED_EVENTS``.
            cause_id: what happened, the same for every repeat of the event.

        Returns:
            How many rows took it; 0 for a repeat.
        """
        moved = 0
        for item in self.items:
            rule = item.rule
            if rule is None or not rule.admits(counts, cohort_id) or cause_id in item.counted_ids:
                continue
            if len(item.counted_ids) >= rule.target_count:
                continue
            counted = (*item.counted_ids, cause_id)
            percent = 100 * len(counted) // rule.target_count
            fresh = replace(item, counted_ids=counted, progress_percent=percent)
            self._progress(fresh, COUNTED_EVENTS[counts], now)
            moved += 1
        return moved

    def _progress(self, item: WorkPlanItem, cause_event_type: str | None, now: datetime) -> None:
        self._replace(item)
        self.record(
            WorkPlanItemProgressed(
                workplan_id=self.workplan_id,
                item_no=item.item_no,
                country_code=self.country_code,
                progress_percent=item.progress_percent,
                cause_event_type=cause_event_type,
                progressed_at=now,
            )
        )

    def _replace(self, item: WorkPlanItem) -> None:
        self.items = tuple(item if each.item_no == item.item_no else each for each in self.items)
