"""A run of two rounds and its bundle, for tests of the audit."""

from __future__ import annotations

import json

from services.selection.domain.allocation.decide import decide
from services.selection.domain.audit.bundle import Bundle, bundle_of
from services.selection.domain.candidate import Answers, Candidate, Standing
from services.selection.domain.run import Run
from services.selection.domain.scores import Scores
from services.selection.domain.shortlist import Shortlist
from tests.builders.selection import (
    ADJUSTED,
    COHORT,
    NOON,
    REVIEWERS,
    a_candidate,
    a_reviewed_screening,
    a_rule_set,
    a_run,
    application_id,
    some_rules,
)


def a_run_of_two_rounds() -> Run:
    """Six candidates, ties among them, two seats; the first declines, the second accepts."""
    run = a_run(*(a_candidate(n, score=80_000 - n // 2) for n in range(1, 7)))
    for number, answers in enumerate([Answers(kept={}), _answers(run)], start=1):
        run.record_round(decide(run.market(answers)), answers=answers, cause_code="x", now=NOON)
        run.begin_offering(number)
        run.finish_round(number)
    return run


def _answers(run: Run) -> Answers:
    return Answers.of(gone_ids=[application_id(1)], kept={application_id(2): COHORT})


def a_bundle() -> Bundle:
    """The bundle of that run, as it comes out of an archive."""
    bundle: Bundle = json.loads(json.dumps(bundle_of(a_run_of_two_rounds(), [a_rule_set()])))
    return bundle


def an_adjusted_shortlist() -> Shortlist:
    """Six applications read by three reviewers, the third of them strict; all are in."""
    pairs = [(0, 1), (1, 2), (2, 0)] * 2
    screenings = [
        a_reviewed_screening(
            application_id=application_id(n),
            sheets={REVIEWERS[r]: 60 + 3 * n - 8 * (r == 2) + n % 2 * r for r in pair},
        )
        for n, pair in enumerate(pairs, start=1)
    ]
    return Shortlist.draw(
        cohort_id=COHORT,
        country_code="AZ",
        screenings=screenings,
        open_count=0,
        call_open=False,
        rules=some_rules(score=ADJUSTED, shortlist={"places": 6}),
        now=NOON,
    )


def an_adjusted_bundle() -> Bundle:
    """The bundle of a run that ranked those six by adjusted scores."""
    shortlist = an_adjusted_shortlist()
    assert shortlist.calibration is not None
    run = a_run(
        *(_adjusted(one.application_id, shortlist) for one in shortlist.calibration.sheets),
        shortlists=[shortlist],
        score=ADJUSTED,
    )
    answers = Answers(kept={})
    run.record_round(decide(run.market(answers)), answers=answers, cause_code="x", now=NOON)
    rule_set = a_rule_set(score=ADJUSTED)
    bundle: Bundle = json.loads(json.dumps(bundle_of(run, [rule_set], [shortlist])))
    return bundle


def _adjusted(person: str, shortlist: Shortlist) -> Candidate:
    assert shortlist.calibration is not None
    sheets = next(one for one in shortlist.calibration.sheets if one.application_id == person)
    scores = Scores(
        review_milli=sum(sheets.milli.values()) // len(sheets.milli),
        adjusted_milli=shortlist.calibration.adjusted_milli(sheets),
        interview_milli=70_000,
    )
    final = some_rules(score=ADJUSTED).final_milli(scores)
    return Candidate(
        application_id=person,
        country_code="AZ",
        scores=scores,
        standings=(Standing(cohort_id=COHORT, band=0, score_milli=final),),
    )
