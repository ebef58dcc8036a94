"""A run of two rounds and its bundle, for tests of the audit."""

from __future__ import annotations

import json

from services.selection.domain.allocation.decide import decide
from services.selection.domain.audit.bundle import Bundle, bundle_of
from services.selection.domain.candidate import Answers
from services.selection.domain.run import Run
from tests.builders.selection import COHORT, NOON, a_candidate, a_rule_set, a_run, application_id


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
