import pytest

from chassis.errors import RuleViolation
from contracts.selection import RunCommitted, RunCompleted
from services.selection.domain.allocation.market import Result
from services.selection.domain.allocation.plain import allocate
from services.selection.domain.candidate import Answers, Seat
from services.selection.domain.canonical import sha256_of
from services.selection.domain.lottery import commitment_sha256, lottery_seed, pool_sha256
from services.selection.domain.run import Run, RunStatus
from tests.builders.selection import (
    CALL,
    COHORT,
    DAY,
    HOUR,
    NOON,
    OTHER_COHORT,
    RUN,
    a_call,
    a_candidate,
    a_rule_set,
    a_run,
    application_id,
)

NOBODY_ANSWERED = Answers(kept={})
ONE, TWO, THREE, FOUR = (application_id(n) for n in (1, 2, 3, 4))


def _four():
    return [a_candidate(n, score=90_000 - n) for n in (1, 2, 3, 4)]


def _record(run, answers=NOBODY_ANSWERED, cause_code="first"):
    run.record_round(
        allocate(run.market(answers)), answers=answers, cause_code=cause_code, now=NOON
    )


def _publish(run):
    run.begin_offering(run.round_number)
    run.finish_round(run.round_number)


def _refused(code, change, *arguments, **named):
    with pytest.raises(RuleViolation) as refused:
        change(*arguments, **named)
    assert refused.value.code == code


def test_commitment_is_announced_without_the_secret():  # R1
    run = Run.commit(
        run_id=RUN, call=a_call(), secret="secret", public_value_name="az-lottery-5", now=NOON
    )
    assert run.recorded == [
        RunCommitted(
            run_id=RUN,
            call_id=CALL,
            cohort_ids=(COHORT,),
            country_code="AZ",
            lottery_commitment_sha256=commitment_sha256("secret"),
            public_value_name="az-lottery-5",
            committed_at=NOON,
        )
    ]
    assert run.manifest()["lottery"]["secret"] is None


@pytest.mark.parametrize("call", [a_call(closed_at=NOON - HOUR), a_call(closes_at=NOON)])
def test_secret_is_not_bound_once_the_call_is_closed(call):  # R1
    _refused(
        "run.too_late",
        Run.commit, run_id=RUN, call=call, secret="s", public_value_name="v", now=NOON,
    )  # fmt: skip


def test_snapshot_waits_for_the_call_and_for_all_rules():  # R2
    run = Run.commit(run_id=RUN, call=a_call(), secret="s", public_value_name="v", now=NOON)
    closed = a_call(closed_at=NOON + DAY)
    snapshot = run.take_snapshot
    _refused("run.call_open", snapshot, call=a_call(), rule_sets=[a_rule_set()], candidates=[])
    _refused("run.rules_missing", snapshot, call=closed, rule_sets=[], candidates=[])
    draft = a_rule_set(frozen=False)
    _refused("run.rules_missing", snapshot, call=closed, rule_sets=[draft], candidates=[])


def test_snapshot_is_taken_once():  # R2
    run = a_run(*_four(), drawn=False)
    closed = a_call(closed_at=NOON + DAY)
    _refused(
        "run.not_committed",
        run.take_snapshot, call=closed, rule_sets=[a_rule_set()], candidates=[],
    )  # fmt: skip


def test_quotas_of_cohorts_that_cross_are_refused_together():  # R2
    both = a_call(cohort_ids=(COHORT, OTHER_COHORT))
    run = Run.commit(run_id=RUN, call=both, secret="s", public_value_name="v", now=NOON)
    cells = [[COHORT, "*"], [OTHER_COHORT, "*"]]
    rule_sets = [
        a_rule_set(quotas={"seats": 3, "group_caps": [{"cells": cells, "cap": 4}]}),
        a_rule_set(
            cohort_id=OTHER_COHORT,
            quotas={"seats": 5, "country_reserves": {"GE": 5}},
        ),
    ]
    closed = a_call(cohort_ids=(COHORT, OTHER_COHORT), closed_at=NOON + DAY)
    _refused(
        "quota.reserves_exceed_group",
        run.take_snapshot, call=closed, rule_sets=rule_sets, candidates=[],
    )  # fmt: skip


def test_seed_follows_from_secret_public_value_and_pool():  # R3
    run = a_run(*_four())
    pool = pool_sha256([ONE, TWO, THREE, FOUR])
    assert run.pool_sha256 == pool
    assert run.seed_hex == lottery_seed("secret", "5 12 17 33 41", pool).hex()
    assert run.manifest()["lottery"]["secret"] == "secret"
    _refused("run.not_snapshot", run.draw, "another value")


def test_nothing_is_allocated_before_the_draw():  # R3
    run = a_run(*_four(), drawn=False)
    _refused("run.not_drawn", run.market, NOBODY_ANSWERED)


def test_round_is_announced_with_its_hash():  # R4
    run = a_run(*_four())
    _record(run)
    seats = {ONE: COHORT, TWO: COHORT, THREE: None, FOUR: None}
    assert run.recorded == [
        RunCompleted(
            run_id=RUN,
            call_id=CALL,
            cohort_ids=(COHORT,),
            country_code="AZ",
            pool_sha256=run.pool_sha256,
            result_sha256=sha256_of(seats),
            placed_count=2,
            waitlisted_count=2,
            completed_at=NOON,
        )
    ]
    assert run.waiting_list(COHORT) == (THREE, FOUR)


@pytest.mark.parametrize(
    "wrong",
    [
        {ONE: COHORT, THREE: COHORT, TWO: None, FOUR: None},
        {ONE: COHORT, TWO: COHORT, THREE: COHORT, FOUR: None},
        {ONE: COHORT, TWO: None, THREE: None, FOUR: None},
        {ONE: COHORT, TWO: COHORT, THREE: None},
        {ONE: COHORT, TWO: COHORT, THREE: None, FOUR: None, "stranger": None},
        {ONE: OTHER_COHORT, TWO: COHORT, THREE: COHORT, FOUR: None},
    ],
)
def test_wrong_result_never_enters_the_run(wrong):  # R4
    run = a_run(*_four())
    _refused(
        "run.not_verified",
        run.record_round, Result(wrong), answers=NOBODY_ANSWERED, cause_code="first", now=NOON,
    )  # fmt: skip
    assert (run.status, run.recorded, run.rounds) == (RunStatus.DRAWN, [], ())


def test_vacancy_goes_to_the_next_by_the_same_priorities():  # R5
    run = a_run(*_four())
    _record(run)
    _publish(run)
    answers = Answers.of(gone_ids=[ONE], kept={TWO: COHORT})
    assert not run.accounts_for(answers)
    _record(run, answers, "declined")
    assert {seat.application_id: seat.cohort_id for seat in run.seats} == {
        TWO: COHORT,
        THREE: COHORT,
        FOUR: None,
    }
    assert run.accounts_for(answers)
    assert [r.number for r in run.rounds] == [1, 2]


def test_accepting_the_place_held_needs_no_round():  # R5
    run = a_run(*_four())
    _record(run)
    assert run.accounts_for(Answers.of(gone_ids=[], kept={ONE: COHORT}))


def test_nobody_gone_comes_back():  # R5
    run = a_run(*_four())
    answers = Answers.of(gone_ids=[ONE], kept={})
    _record(run, answers)
    _refused(
        "run.answer_lost",
        run.record_round,
        allocate(run.market(NOBODY_ANSWERED)),
        answers=NOBODY_ANSWERED,
        cause_code="x",
        now=NOON,
    )


def test_who_accepted_keeps_the_place_against_everybody():  # R5
    run = a_run(*_four())
    _record(run)
    _publish(run)
    kept = Answers.of(gone_ids=[ONE], kept={FOUR: COHORT})
    _record(run, kept, "declined")
    places = {seat.application_id: seat.cohort_id for seat in run.seats}
    assert places == {TWO: COHORT, THREE: None, FOUR: COHORT}


def test_vacancy_of_a_cohort_that_began_stays_free():  # R5
    run = a_run(*_four())
    _record(run)
    _publish(run)
    _record(run, Answers.of(gone_ids=[ONE], kept={TWO: COHORT}, closed_ids=[COHORT]), "left")
    places = {seat.application_id: seat.cohort_id for seat in run.seats}
    assert places == {TWO: COHORT, THREE: None, FOUR: None}


def test_offer_needs_a_seat_of_the_round_that_is_going_out():  # R6
    run = a_run(*_four())
    _record(run)
    seat = Seat(application_id=ONE, cohort_id=COHORT)
    _refused("run.not_offering", run.require_seat, 1, seat)
    run.begin_offering(1)
    run.require_seat(1, seat)
    _refused("run.round_over", run.require_seat, 2, seat)
    elsewhere = Seat(application_id=THREE, cohort_id=COHORT)
    _refused("run.no_such_seat", run.require_seat, 1, elsewhere)


def test_next_round_waits_until_offers_are_out():  # R6
    run = a_run(*_four())
    _record(run)
    run.begin_offering(1)
    _refused(
        "run.offering",
        run.record_round,
        allocate(run.market(NOBODY_ANSWERED)),
        answers=NOBODY_ANSWERED,
        cause_code="x",
        now=NOON,
    )
    run.finish_round(1)
    _record(run, Answers.of(gone_ids=[ONE], kept={}), "declined")
    _refused("run.round_over", run.begin_offering, 1)
    _refused("run.not_offering", run.finish_round, 2)


def test_manifest_hash_does_not_depend_on_the_order_of_candidates():
    forwards, backwards = a_run(*_four()), a_run(*reversed(_four()))
    for run in (forwards, backwards):
        _record(run)
    assert forwards.manifest_sha256 == backwards.manifest_sha256
