from datetime import date

import pytest

from chassis.errors import RuleViolation
from contracts.scheduling import WorkPlanItemProgressed
from services.scheduling.domain.work_plan import PlanStatus, ProgressRule
from services.scheduling.domain.work_plan_period import Period, period_of
from tests.builders.scheduling import COHORT_ID, NOON, a_row, a_work_plan, an_id

YEAR = Period(first_on=date(2025, 1, 1), last_on=date(2025, 12, 31))


@pytest.mark.parametrize(
    ("when", "period"),
    [
        ("current year", YEAR),
        ("Cari il", YEAR),
        ("2025", YEAR),
        ("regularly", Period(first_on=YEAR.first_on, last_on=YEAR.last_on, recurring=True)),
        ("MÜTƏMADİ", Period(first_on=YEAR.first_on, last_on=YEAR.last_on, recurring=True)),
        ("May", Period(first_on=date(2025, 5, 1), last_on=date(2025, 5, 31))),
        ("fevral", Period(first_on=date(2025, 2, 1), last_on=date(2025, 2, 28))),
        ("II rüb", Period(first_on=date(2025, 4, 1), last_on=date(2025, 6, 30))),
        ("sentyabr - noyabr", Period(first_on=date(2025, 9, 1), last_on=date(2025, 11, 30))),
    ],
)
def test_when_is_read_in_both_languages(when, period):
    assert period_of(when, 2025) == period


@pytest.mark.parametrize("when", ["", "soon", "June - May", "2024", "V rüb"])
def test_a_when_that_says_nothing_is_refused(when):
    with pytest.raises(RuleViolation) as refused:
        period_of(when, 2025)

    assert refused.value.code == "workplan.unknown_period"


def a_tied_plan(target=3, cohort_ids=()):
    plan = a_work_plan(a_row("1.1"), a_row("1.2"))
    plan.tie(
        "1.1",
        ProgressRule(counts="attendance.recorded", target_count=target, cohort_ids=cohort_ids),
    )
    return plan


def test_an_event_moves_the_row_tied_to_it_and_no_other():  # R4
    plan = a_tied_plan()

    moved = plan.count("attendance.recorded", an_id("r1"), cohort_id=COHORT_ID, now=NOON)

    assert moved == 1
    assert [item.progress_percent for item in plan.items] == [33, 0]
    assert plan.recorded == [
        WorkPlanItemProgressed(
            workplan_id=plan.workplan_id,
            item_no="1.1",
            country_code="AZ",
            progress_percent=33,
            cause_event_type="rtcm.scheduling.attendance.recorded.v1",
            progressed_at=NOON,
        )
    ]


def test_a_repeated_event_counts_once():  # R4
    plan = a_tied_plan()
    for _ in range(2):
        plan.count("attendance.recorded", an_id("r1"), cohort_id=COHORT_ID, now=NOON)

    assert plan.item("1.1").counted_ids == (an_id("r1"),)
    assert len(plan.recorded) == 1


def test_a_row_is_full_at_its_target():  # R4
    plan = a_tied_plan(target=2)

    moved = [
        plan.count("attendance.recorded", an_id("r", str(n)), cohort_id=COHORT_ID, now=NOON)
        for n in range(4)
    ]

    assert moved == [1, 1, 0, 0]
    assert plan.item("1.1").progress_percent == 100
    assert plan.progress_percent == 50


def test_other_events_and_other_cohorts_do_not_count():
    plan = a_tied_plan(cohort_ids=(COHORT_ID,))

    assert plan.count("timetable.released", an_id("t"), cohort_id=COHORT_ID, now=NOON) == 0
    assert plan.count("attendance.recorded", an_id("r"), cohort_id=an_id("x"), now=NOON) == 0


def test_progress_by_hand_is_announced_without_a_cause():  # R3
    plan = a_work_plan()

    plan.report("1.1", 40, now=NOON)

    assert plan.recorded == [
        WorkPlanItemProgressed(
            workplan_id=plan.workplan_id,
            item_no="1.1",
            country_code="AZ",
            progress_percent=40,
            cause_event_type=None,
            progressed_at=NOON,
        )
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda plan: plan.report("1.1", 50, now=NOON), "workplan.counts_itself"),
        (lambda plan: plan.report("1.2", 101, now=NOON), "workplan.not_percent"),
        (lambda plan: plan.report("1.2", 0, now=NOON), "workplan.unchanged"),
        (lambda plan: plan.report("9.9", 50, now=NOON), "workplan.no_such_row"),
        (
            lambda plan: plan.tie("1.2", ProgressRule(counts="tea.drunk", target_count=1)),
            "workplan.uncountable",
        ),
        (
            lambda plan: plan.tie("1.2", ProgressRule(counts="cohort.completed", target_count=0)),
            "workplan.no_target",
        ),
    ],
)
def test_what_a_plan_refuses(change, code):
    plan = a_tied_plan()

    with pytest.raises(RuleViolation) as refused:
        change(plan)

    assert refused.value.code == code
    assert plan.recorded == []


def test_rows_are_unique():  # R1
    with pytest.raises(RuleViolation) as refused:
        a_work_plan(a_row("1.1"), a_row("1.1"))

    assert refused.value.code == "workplan.row_twice"


def test_a_plan_is_signed_once():  # R5
    plan = a_work_plan()
    plan.sign(now=NOON)

    assert (plan.status, plan.signed_at) == (PlanStatus.SIGNED, NOON)
    with pytest.raises(RuleViolation) as refused:
        plan.sign(now=NOON)
    assert refused.value.code == "workplan.signed"


def test_a_row_is_late_after_its_period_until_it_is_complete():
    row = a_row(period=period_of("May", 2025))

    assert not row.is_late(date(2025, 5, 31))
    assert row.is_late(date(2025, 6, 1))
    assert not a_row(period=row.period, progress_percent=100).is_late(date(2025, 6, 1))
