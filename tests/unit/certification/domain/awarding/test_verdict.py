from dataclasses import replace

import pytest

from services.certification.domain.awarding.facts import (
    Attendance,
    Evidence,
    PlacementDone,
    Plan,
    Timed,
)
from services.certification.domain.awarding.terms import (
    ExcusedPolicy,
    Grade,
    HoursMinimum,
    Kind,
    PartMinimum,
    RequiredTraining,
)
from services.certification.domain.awarding.verdict import Missing, Standing, judge
from tests.builders.certification import NOON, a_plan, a_register, attended, evidence, terms


def completion(**parts) -> Grade:
    return Grade(kind_code=Kind.COMPLETION, **parts)


def test_all_recorded_and_enough_minutes_is_met():
    verdict = judge(
        terms(),
        plan=a_plan(5, recorded=5),
        evidence=evidence(*(attended(f"s{i}") for i in range(4))),
    )
    assert (verdict.standing, verdict.missing) == (Standing.MET, ())
    assert (verdict.overall.credited, verdict.overall.counted, verdict.overall.ahead) == (
        400,
        500,
        0,
    )


def test_enough_minutes_but_a_session_without_register_is_held():
    verdict = judge(
        terms(),
        plan=a_plan(5, recorded=4),
        evidence=evidence(*(attended(f"s{i}") for i in range(4))),
    )
    assert verdict.standing is Standing.HELD
    assert verdict.missing == (
        Missing(code="record", minutes=0, is_reachable=True, session_ids=("s4",)),
    )


def test_too_few_minutes_with_enough_ahead_is_not_yet_and_says_how_many():
    verdict = judge(terms(), plan=a_plan(5, recorded=2), evidence=evidence(attended("s0", 90)))
    # 90 credited, 400 needed, 300 ahead: out of reach by 10.
    assert verdict.standing is Standing.UNREACHABLE
    verdict = judge(terms(), plan=a_plan(5, recorded=2), evidence=evidence(attended("s0")))
    assert verdict.standing is Standing.NOT_YET
    assert verdict.missing[0] == Missing(code="hours.overall", minutes=300, is_reachable=True)


def test_minutes_beyond_the_planned_ones_are_not_credited():
    verdict = judge(terms(), plan=a_plan(1, recorded=1), evidence=evidence(attended("s0", 500)))
    assert verdict.overall.credited == 100


@pytest.mark.parametrize(
    ("policy", "credited", "counted"),
    [
        (ExcusedPolicy.AS_ABSENT, 100, 200),
        (ExcusedPolicy.AS_PRESENT, 200, 200),
        (ExcusedPolicy.NOT_COUNTED, 100, 100),
    ],
)
def test_an_excused_absence_is_worth_what_the_terms_say(policy, credited, counted):
    verdict = judge(
        terms(excused=policy),
        plan=a_plan(2, recorded=2),
        evidence=evidence(attended("s0"), attended("s1", 0, status_code=Attendance.EXCUSED)),
    )
    assert (verdict.overall.credited, verdict.overall.counted) == (credited, counted)


def test_excused_from_everything_earns_nothing():
    verdict = judge(
        terms(excused=ExcusedPolicy.NOT_COUNTED),
        plan=a_plan(1, recorded=1),
        evidence=evidence(attended("s0", 0, status_code=Attendance.EXCUSED)),
    )
    assert verdict.standing is Standing.UNREACHABLE


def test_nothing_planned_yet_is_within_reach_until_the_cohort_is_completed():
    assert judge(terms(), plan=Plan(), evidence=Evidence()).standing is Standing.NOT_YET
    closed = judge(terms(), plan=Plan(is_closed=True), evidence=Evidence())
    assert closed.standing is Standing.UNREACHABLE


def test_each_part_training_and_placement_is_named_when_missing():
    asked = terms(
        grades=(
            completion(
                parts=(PartMinimum(part_code="practice", hours=HoursMinimum(percent=60)),),
                required_trainings=(RequiredTraining(training_code="the-1", percent=50),),
                placement_minutes=600,
            ),
        )
    )
    plan = a_plan(2, recorded=1).with_register(a_register("s1", part_code="practice"))
    facts = evidence(attended("s1", 40)).with_placement(
        PlacementDone(placement_id="p", minutes=240, as_of=NOON)
    )
    verdict = judge(asked, plan=plan, evidence=facts)
    assert verdict.missing == (
        Missing(code="hours.part.practice", minutes=20, is_reachable=False),
        Missing(code="training.the-1", minutes=10, is_reachable=False),
        Missing(code="placement", minutes=360, is_reachable=True),
    )
    assert verdict.standing is Standing.UNREACHABLE


def test_the_second_grade_is_given_when_the_first_is_out_of_reach():
    both = terms(
        grades=(
            completion(overall=HoursMinimum(percent=80)),
            Grade(kind_code=Kind.PARTICIPATION, overall=HoursMinimum(percent=50)),
        )
    )
    half = judge(both, plan=a_plan(2, recorded=2), evidence=evidence(attended("s0")))
    assert (half.standing, half.kind_code) == (Standing.MET, Kind.PARTICIPATION)
    open_ = judge(both, plan=a_plan(2, recorded=1), evidence=evidence(attended("s0")))
    assert (open_.standing, open_.kind_code) == (Standing.NOT_YET, Kind.COMPLETION)


def test_a_cancelled_session_does_not_count_unless_it_was_recorded():
    cancelled = Timed(session_id="s1", calendar_sequence=1, planned_minutes=0, is_cancelled=True)
    plan = a_plan(2, recorded=1).with_timing(cancelled)
    assert judge(terms(), plan=plan, evidence=evidence(attended("s0"))).standing is Standing.MET
    recorded = plan.with_register(a_register("s1"))
    assert (
        judge(terms(), plan=recorded, evidence=evidence(attended("s0"))).standing
        is Standing.UNREACHABLE
    )


def test_a_session_left_out_of_the_newest_release_does_not_count():
    newer = tuple(replace(p, release_version=2) for p in a_plan(1).placed)
    plan = a_plan(3).with_release(2, newer, ())
    assert [session.session_id for session in plan.sessions()] == ["s0"]


def test_a_correction_replaces_what_was_recorded_and_may_flip_the_verdict():
    plan = a_plan(1, recorded=1)
    wrong = evidence(attended("s0", 10))
    assert judge(terms(), plan=plan, evidence=wrong).standing is Standing.UNREACHABLE
    right = wrong.with_attendance(attended("s0", 100, is_correction=True))
    assert judge(terms(), plan=plan, evidence=right).standing is Standing.MET


def test_a_newest_release_without_any_session_takes_all_that_were_ahead_away():
    plan = a_plan(3, recorded=1)
    assert plan.with_release(2, (), ()).sessions() == plan.sessions()[:1]
