"""The second stage."""

from __future__ import annotations

from collections.abc import Callable

from chassis.clock import Clock
from services.selection.domain.commands import (
    BookInterview,
    CancelInterview,
    JoinPanel,
    MissInterview,
    MoveInterview,
    RecusePanelist,
    SealInterviewScores,
)
from services.selection.domain.interview import Interview
from services.selection.domain.ports import Interviews, RuleSets, Screenings
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.screening import Screening

_OneInterview = (
    MoveInterview
    | JoinPanel
    | RecusePanelist
    | SealInterviewScores
    | MissInterview
    | CancelInterview
)


def book_interview(
    command: BookInterview,
    *,
    interviews: Interviews,
    screenings: Screenings,
    rule_sets: RuleSets,
    clock: Clock,
) -> str:
    """Give a shortlisted person a slot and a panel.

    Returns:
        Id of the interview.

    Raises:
        NotFound: ``screening.not_found`` or ``ruleset.not_found``.
        AlreadyExists: ``interview.already_exists``; move it instead.
        RuleViolation: ``interview.*``.
    """
    scope = command.actor.scope
    screening = screenings.get(Screening.id_for(command.application_id), scope=scope)
    rule_set = rule_sets.get(RuleSet.id_for(screening.cohort_id), scope=scope)
    interview = Interview.book(
        screening,
        slot=command.slot,
        panelist_ids=command.panelist_ids,
        rules=rule_set.rules,
        now=clock(),
    )
    interviews.save(interview, scope=scope)
    return interview.interview_id


def move_interview(command: MoveInterview, *, interviews: Interviews, clock: Clock) -> None:
    """Another slot.

    Raises:
        NotFound: ``interview.not_found``.
        RuleViolation: ``interview.*``.
    """
    _change(command, interviews, lambda interview: interview.move(command.slot, now=clock()))


def join_panel(command: JoinPanel, *, interviews: Interviews) -> None:
    """One more panelist.

    Raises:
        NotFound: ``interview.not_found``.
        RuleViolation: ``interview.not_booked`` or ``interview.panel``.
    """
    _change(command, interviews, lambda interview: interview.join(command.panelist_id))


def recuse_panelist(
    command: RecusePanelist, *, interviews: Interviews, rule_sets: RuleSets
) -> None:
    """The panelist who asks this steps back.

    Raises:
        NotFound: ``interview.not_found``.
        RuleViolation: ``interview.*``.
    """

    def recuse(interview: Interview) -> None:
        rule_set = rule_sets.get(RuleSet.id_for(interview.cohort_id), scope=command.actor.scope)
        interview.recuse(
            command.actor.actor_id, conflict_code=command.conflict_code, rules=rule_set.rules
        )

    _change(command, interviews, recuse)


def seal_interview_scores(
    command: SealInterviewScores, *, interviews: Interviews, rule_sets: RuleSets, clock: Clock
) -> None:
    """The panelist who asks this hands in complete scores.

    Raises:
        NotFound: ``interview.not_found``.
        RuleViolation: ``interview.*`` or ``scores.*``.
    """

    def seal(interview: Interview) -> None:
        rule_set = rule_sets.get(RuleSet.id_for(interview.cohort_id), scope=command.actor.scope)
        interview.seal(command.actor.actor_id, command.points, rule_set.rules, now=clock())

    _change(command, interviews, seal)


def miss_interview(command: MissInterview, *, interviews: Interviews, clock: Clock) -> None:
    """The applicant did not come.

    Raises:
        NotFound: ``interview.not_found``.
        RuleViolation: ``interview.*``.
    """
    _change(command, interviews, lambda interview: interview.miss(now=clock()))


def cancel_interview(command: CancelInterview, *, interviews: Interviews) -> None:
    """The application was withdrawn.

    Raises:
        NotFound: ``interview.not_found``.
        RuleViolation: ``interview.not_booked``.
    """
    _change(command, interviews, Interview.cancel)


def _change(
    command: _OneInterview, interviews: Interviews, change: Callable[[Interview], None]
) -> None:
    scope = command.actor.scope
    interview = interviews.get(
        command.interview_id, scope=scope, expected_version=command.expected_version
    )
    change(interview)
    interviews.save(interview, scope=scope)
