"""The first stage."""

from __future__ import annotations

from collections.abc import Callable

from chassis.access import EVERYTHING, Scope
from chassis.clock import Clock
from chassis.ports import Jobs
from services.selection.domain.commands import (
    AmendScreening,
    AssignReviewer,
    DecideScreening,
    DrawShortlist,
    JudgeScreening,
    OpenScreening,
    RecuseReviewer,
    RejectScreening,
    SealReview,
    ShortlistScreening,
    WithdrawScreening,
)
from services.selection.domain.ports import (
    Cohorts,
    Register,
    Reviewed,
    RuleSets,
    Screenings,
    Shortlists,
)
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.rules import Rules
from services.selection.domain.scores import ReviewScore
from services.selection.domain.screening import Screening
from services.selection.domain.shortlist import Shortlist
from services.selection.handlers.job_kinds import ALLOCATE, APPLY_SHORTLIST


def open_screening(
    command: OpenScreening, *, screenings: Screenings, rule_sets: RuleSets, clock: Clock
) -> None:
    """Take an application in and judge it if its rules are frozen; one known stays as it is."""
    scope = command.actor.scope
    screening_id = Screening.id_for(command.application_id)
    if screenings.find(screening_id, scope=scope) is not None:
        return
    screening = Screening(
        screening_id=screening_id,
        application_id=command.application_id,
        call_id=command.call_id,
        cohort_id=command.preferences[0],
        subject_id=command.subject_id,
        country_code=command.country_code,
        route=command.route,
        preferences=command.preferences,
        answers=command.answers,
    )
    screening.judge(_frozen_rules(screening, rule_sets, scope), now=clock())
    screenings.save(screening, scope=scope)


def amend_screening(
    command: AmendScreening, *, screenings: Screenings, rule_sets: RuleSets, clock: Clock
) -> None:
    """Take over a changed form and judge it anew.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.over``.
    """
    scope = command.actor.scope
    screening = screenings.get(Screening.id_for(command.application_id), scope=scope)
    screening.amend(preferences=command.preferences, answers=command.answers)
    screening.judge(_frozen_rules(screening, rule_sets, scope), now=clock())
    screenings.save(screening, scope=scope)


def judge_screening(
    command: JudgeScreening, *, screenings: Screenings, rule_sets: RuleSets, clock: Clock
) -> None:
    """Judge a screening that waited for its rules.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.judged``.
    """
    scope = command.actor.scope
    screening = screenings.get(command.screening_id, scope=scope)
    screening.judge(_frozen_rules(screening, rule_sets, scope), now=clock())
    screenings.save(screening, scope=scope)


def withdraw_screening(
    command: WithdrawScreening, *, screenings: Screenings, register: Register, jobs: Jobs
) -> None:
    """The applicant took the application back; runs that hold it allocate again.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.withdrawn``.
    """
    scope = command.actor.scope
    screening = screenings.get(Screening.id_for(command.application_id), scope=scope)
    screening.withdraw()
    screenings.save(screening, scope=scope)
    for run_id in register.runs_of_application(command.application_id):
        jobs.add(ALLOCATE, f"{run_id}:{screening.screening_id}", {"run_id": run_id})


def decide_screening(command: DecideScreening, *, screenings: Screenings, clock: Clock) -> None:
    """A person's word where the rules had none.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.not_undecided``.
    """
    _with_screening(
        command.screening_id,
        lambda screening: screening.decide(eligible=command.eligible, now=clock()),
        screenings=screenings,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )


def assign_reviewer(command: AssignReviewer, *, screenings: Screenings) -> None:
    """Ask somebody for a review.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.not_in_review`` or ``review.*``.
    """
    _with_screening(
        command.screening_id,
        lambda screening: screening.assign(command.reviewer_id),
        screenings=screenings,
        scope=command.actor.scope,
        expected_version=command.expected_version,
    )


def recuse_reviewer(command: RecuseReviewer, *, screenings: Screenings) -> None:
    """The reviewer who asks this steps back.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``review.not_assigned``.
    """
    _with_screening(
        command.screening_id,
        lambda screening: screening.recuse(
            command.actor.actor_id, conflict_code=command.conflict_code
        ),
        screenings=screenings,
        scope=command.actor.scope,
    )


def seal_review(
    command: SealReview, *, screenings: Screenings, rule_sets: RuleSets, clock: Clock
) -> None:
    """The reviewer who asks this hands in a complete sheet.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.not_in_review``, ``review.not_assigned`` or ``scores.*``.
    """
    scope = command.actor.scope
    screening = screenings.get(command.screening_id, scope=scope)
    rules = rule_sets.get(RuleSet.id_for(screening.cohort_id), scope=scope).rules
    screening.seal(command.actor.actor_id, command.points, rules, now=clock())
    screenings.save(screening, scope=scope)


def draw_shortlist(
    command: DrawShortlist,
    *,
    shortlists: Shortlists,
    cohorts: Cohorts,
    rule_sets: RuleSets,
    register: Register,
    jobs: Jobs,
    clock: Clock,
) -> str:
    """Cut after the reviews of a cohort; a job tells each screening.

    Returns:
        Id of the shortlist.

    Raises:
        NotFound: ``cohort.not_found`` or ``ruleset.not_found``.
        AlreadyExists: ``shortlist.already_exists``.
        RuleViolation: ``shortlist.*``; ``calibration.*`` where adjusted scores rank and cannot be
            had.
    """
    scope = command.actor.scope
    cohort = cohorts.get(command.cohort_id, scope=scope)
    rules = rule_sets.get(RuleSet.id_for(command.cohort_id), scope=scope).rules
    reviewed = register.reviewed(command.cohort_id)
    shortlist = Shortlist.draw(
        cohort_id=cohort.cohort_id,
        country_code=cohort.country_code,
        screenings=reviewed.screenings,
        open_count=reviewed.open_count,
        call_open=reviewed.call_open,
        rules=rules,
        adjust=_adjusted_elsewhere(reviewed, rule_sets),
        now=clock(),
    )
    shortlists.save(shortlist, scope=scope)
    jobs.add(APPLY_SHORTLIST, shortlist.shortlist_id, {"shortlist_id": shortlist.shortlist_id})
    return shortlist.shortlist_id


def shortlist_screening(
    command: ShortlistScreening, *, screenings: Screenings, clock: Clock
) -> None:
    """Send one application to the interview.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.not_reviewed``.
    """
    _with_screening(
        command.screening_id,
        lambda screening: screening.shortlist(now=clock(), adjusted_milli=command.adjusted_milli),
        screenings=screenings,
        scope=command.actor.scope,
    )


def reject_screening(command: RejectScreening, *, screenings: Screenings, clock: Clock) -> None:
    """End one application after its reviews.

    Raises:
        NotFound: ``screening.not_found``.
        RuleViolation: ``screening.not_reviewed``.
    """
    _with_screening(
        command.screening_id,
        lambda screening: screening.reject(
            reason_code=command.reason_code, now=clock(), adjusted_milli=command.adjusted_milli
        ),
        screenings=screenings,
        scope=command.actor.scope,
    )


def _with_screening(
    screening_id: str,
    change: Callable[[Screening], None],
    *,
    screenings: Screenings,
    scope: Scope,
    expected_version: int | None = None,
) -> None:
    """Load a screening, change it, save it."""
    screening = screenings.get(screening_id, scope=scope, expected_version=expected_version)
    change(screening)
    screenings.save(screening, scope=scope)


def _adjusted_elsewhere(reviewed: Reviewed, rule_sets: RuleSets) -> bool:
    """Whether a cohort that somebody reviewed here may be placed at ranks by adjusted scores."""
    cohort_ids = {c for screening in reviewed.screenings for c in screening.eligible_cohort_ids}
    return any(
        rule_sets.get(RuleSet.id_for(c), scope=EVERYTHING).rules.review_score
        is ReviewScore.ADJUSTED
        for c in sorted(cohort_ids)
    )


def _frozen_rules(screening: Screening, rule_sets: RuleSets, scope: Scope) -> dict[str, Rules]:
    found = {
        cohort_id: rule_sets.find(RuleSet.id_for(cohort_id), scope=scope)
        for cohort_id in screening.preferences
    }
    return {
        cohort_id: rule_set.rules
        for cohort_id, rule_set in found.items()
        if rule_set is not None and rule_set.frozen_at is not None
    }
