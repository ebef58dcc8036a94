"""The verdict is a function of the set of facts: judged against an oracle that knows no sets."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from services.certification.domain.awarding.facts import (
    Attendance,
    Attended,
    Evidence,
    Placed,
    PlacementDone,
    Plan,
    Registered,
    Timed,
)
from services.certification.domain.awarding.terms import (
    AwardTerms,
    ExcusedPolicy,
    Grade,
    HoursMinimum,
    Kind,
    PartMinimum,
    RequiredTraining,
)
from services.certification.domain.awarding.verdict import Standing, judge
from tests.builders.certification import NOON

SESSIONS = ["s0", "s1", "s2", "s3"]
PART = {"s0": "a", "s1": "a", "s2": "b", "s3": "b"}
TRAINING = {"s0": "t0", "s1": "t1", "s2": "t1", "s3": "t2"}
MINUTES = st.sampled_from([0, 30, 60, 90])

_steps = st.lists(
    st.one_of(
        st.tuples(st.just("release"), st.sets(st.sampled_from(SESSIONS), min_size=1)),
        st.tuples(st.just("move"), st.sampled_from(SESSIONS), MINUTES),
        st.tuples(st.just("cancel"), st.sampled_from(SESSIONS)),
        st.tuples(
            st.just("record"), st.sampled_from(SESSIONS), st.sampled_from(Attendance), MINUTES
        ),
        st.tuples(st.just("place"), st.sampled_from(["p0", "p1"]), MINUTES),
    ),
    max_size=14,
)
_hours = st.builds(
    HoursMinimum,
    percent=st.one_of(st.none(), st.sampled_from([1, 33, 50, 80, 100])),
    minutes=st.one_of(st.none(), st.sampled_from([1, 60, 200])),
)
_terms = st.builds(
    AwardTerms,
    grades=st.tuples(
        st.builds(
            Grade,
            kind_code=st.just(Kind.COMPLETION),
            overall=_hours,
            parts=st.one_of(
                st.just(()), st.tuples(st.builds(PartMinimum, part_code=st.just("a"), hours=_hours))
            ),
            required_trainings=st.one_of(
                st.just(()),
                st.tuples(
                    st.builds(
                        RequiredTraining,
                        training_code=st.just("t1"),
                        percent=st.sampled_from([1, 50, 100]),
                    )
                ),
            ),
            placement_minutes=st.one_of(st.none(), st.just(60)),
        )
    ),
    excused=st.sampled_from(ExcusedPolicy),
    refuses_unrecorded=st.booleans(),
)


def as_facts(steps):
    """The history as facts, each with the time and sequence it happened at."""
    facts, release = [], 0
    for number, step in enumerate(steps):
        at = NOON + timedelta(minutes=number)
        match step:
            case ("release", sessions):
                release += 1
                facts += [
                    Placed(
                        session_id=s,
                        training_code=TRAINING[s],
                        part_code=PART[s],
                        release_version=release,
                    )
                    for s in sessions
                ]
                facts += [
                    Timed(session_id=s, calendar_sequence=number, planned_minutes=60)
                    for s in sessions
                ]
            case ("move", session, minutes):
                facts.append(
                    Timed(session_id=session, calendar_sequence=number, planned_minutes=minutes)
                )
            case ("cancel", session):
                facts.append(
                    Timed(
                        session_id=session,
                        calendar_sequence=number,
                        planned_minutes=0,
                        is_cancelled=True,
                    )
                )
            case ("record", session, status, minutes):
                facts.append(
                    Registered(
                        session_id=session,
                        training_code=TRAINING[session],
                        part_code=PART[session],
                        planned_minutes=60,
                        as_of=at,
                    )
                )
                facts.append(
                    Attended(
                        session_id=session, status_code=status, minutes_present=minutes, as_of=at
                    )
                )
            case ("place", placement, minutes):
                facts.append(PlacementDone(placement_id=placement, minutes=minutes, as_of=at))
    return facts


def gather(facts):
    plan, evidence = Plan(), Evidence()
    for fact in facts:
        match fact:
            case Placed():
                plan = plan.with_release(fact.release_version, (fact,), ())
            case Timed():
                plan = plan.with_timing(fact)
            case Registered():
                plan = plan.with_register(fact)
            case Attended():
                evidence = evidence.with_attendance(fact)
            case PlacementDone():
                evidence = evidence.with_placement(fact)
    return plan, evidence


def walked(steps):
    """Walk the history once, in the order it happened, with plain dictionaries."""
    planned, minutes, cancelled, entries, placements = set(), {}, set(), {}, {}
    for step in steps:
        match step:
            case ("release", sessions):
                planned = set(sessions)
                for s in sessions:
                    minutes[s] = 60
                    cancelled.discard(s)
            case ("move", session, length):
                minutes[session] = length
                cancelled.discard(session)
            case ("cancel", session):
                cancelled.add(session)
            case ("record", session, status, present):
                entries[session] = (status, present)
            case ("place", placement, length):
                placements[placement] = length
    return planned, minutes, cancelled, entries, placements


def counted(excused, planned, minutes, cancelled, entries):
    """Minutes that count, are credited and lie ahead, by session."""
    base, got, ahead = {}, {}, {}
    for s in SESSIONS:
        if s in entries:
            status, present = entries[s]
            base[s], got[s] = 60, min(present, 60)
            if status is Attendance.ABSENT:
                got[s] = 0
            if status is Attendance.EXCUSED:
                got[s] = 60 if excused is ExcusedPolicy.AS_PRESENT else 0
                base[s] = 0 if excused is ExcusedPolicy.NOT_COUNTED else 60
        elif s in planned and s not in cancelled:
            base[s], got[s], ahead[s] = minutes[s], 0, minutes[s]
    return base, got, ahead


def oracle(terms, steps):
    """The standing, by the words of the rule."""
    *plan, placements = walked(steps)
    base, got, ahead = counted(terms.excused, *plan)

    def enough(hours, chosen, extra):
        total, have = sum(base[s] for s in chosen), sum(got[s] + extra.get(s, 0) for s in chosen)
        if hours.percent is not None and (
            total == 0 or Fraction(have, total) < Fraction(hours.percent, 100)
        ):
            return False
        return hours.minutes is None or have >= hours.minutes

    (grade,) = terms.grades
    asked = [(grade.overall, list(base))]
    asked += [(part.hours, [s for s in base if PART[s] == part.part_code]) for part in grade.parts]
    asked += [
        (HoursMinimum(percent=t.percent), [s for s in base if TRAINING[s] == t.training_code])
        for t in grade.required_trainings
    ]
    short = [(hours, chosen) for hours, chosen in asked if not enough(hours, chosen, {})]
    if any(chosen and not enough(hours, chosen, ahead) for hours, chosen in short):
        return Standing.UNREACHABLE
    no_placement = (grade.placement_minutes or 0) > sum(placements.values())
    if short or no_placement:
        return Standing.NOT_YET
    return Standing.HELD if terms.refuses_unrecorded and ahead else Standing.MET


@settings(max_examples=150, derandomize=True, deadline=None)
@given(terms=_terms, steps=_steps, data=st.data())
def test_verdict_equals_the_oracle_in_any_order_with_repeats(terms, steps, data):
    facts = as_facts(steps)
    repeats = data.draw(st.lists(st.sampled_from(facts), max_size=5)) if facts else []
    shuffled = data.draw(st.permutations([*facts, *repeats]))

    in_order = judge(terms, plan=gather(facts)[0], evidence=gather(facts)[1])
    plan, evidence = gather(shuffled)

    assert judge(terms, plan=plan, evidence=evidence) == in_order
    assert in_order.standing is oracle(terms, steps)
    assert (in_order.standing is Standing.MET) == (in_order.missing == ())
