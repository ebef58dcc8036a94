"""Reviewers are assigned by a durable job: it looks at every open application of a call."""

from __future__ import annotations

from collections.abc import Callable

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Handle
from chassis.ports import Job
from services.selection.domain.assignment_commands import EndAssignment
from services.selection.domain.commands import AssignReviewer
from services.selection.domain.ports import Register, ReviewerAssignments, RuleSets
from services.selection.domain.reviewer_assignment import AssignmentStatus
from services.selection.domain.reviewing.assignment import (
    Assignment,
    Impossible,
    assign_reviewers,
)
from services.selection.domain.rule_set import RuleSet

_ACTOR = service_actor("selection")


def assign_reviewers_of_call(
    job: Job,
    *,
    assignments: ReviewerAssignments,
    rule_sets: RuleSets,
    register: Register,
    handle: Handle,
) -> Callable[[], None] | None:
    """Ask reviewers for every application of a call that is under review.

    Safe to repeat: who was asked before is kept, only the rest is assigned.
    """
    record = assignments.get(job.payload["assignment_id"], scope=EVERYTHING)
    if record.status is not AssignmentStatus.ASKED:
        return None
    screenings = {s.screening_id: s for s in register.in_review(record.call_id)}
    rules = {
        cohort_id: rule_sets.get(RuleSet.id_for(cohort_id), scope=EVERYTHING).rules
        for cohort_id in {screening.cohort_id for screening in screenings.values()}
    }
    forms = [record.form(s, rules[s.cohort_id]) for s in screenings.values()]
    outcome: Assignment | Impossible
    try:
        outcome = (
            assign_reviewers(
                forms, record.people(), record.terms, seed=record.assignment_id.encode()
            )
            if forms
            else Impossible("no application of the call is under review")
        )
    except Impossible as impossible:
        outcome = impossible
    if isinstance(outcome, Assignment):
        for form in forms:
            for reviewer_id in outcome.reviewer_ids[form.form_id]:
                if reviewer_id not in form.kept_reviewer_ids:
                    handle(
                        AssignReviewer(
                            actor=_ACTOR, screening_id=form.form_id, reviewer_id=reviewer_id
                        )
                    )
    lacking = outcome.lacking if isinstance(outcome, Impossible) else ()
    end = EndAssignment(
        actor=_ACTOR,
        assignment_id=record.assignment_id,
        outcome=outcome,
        lacking_application_ids=tuple(screenings[one.form_id].application_id for one in lacking),
    )
    return lambda: handle(end)
