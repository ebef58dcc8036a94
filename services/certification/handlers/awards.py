"""Command handlers of awards: take in a fact, judge, follow up."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

from chassis.access import EVERYTHING, Actor, Scope
from chassis.aggregate import Handle
from chassis.clock import Clock
from chassis.ports import Jobs, Timers
from services.certification.domain.award import Award, AwardStatus, award_id_of
from services.certification.domain.award_rule import RuleVersion, award_rule_id_of
from services.certification.domain.awarding.facts import Plan
from services.certification.domain.certificate import certificate_id_of
from services.certification.domain.commands import (
    AssessAward,
    CloseAward,
    ConfirmAward,
    EnrolParticipant,
    NoteAttendance,
    NotePlacement,
    ReachAward,
    TakeBackConfirmation,
)
from services.certification.domain.ports import Awards, Cohorts, Roster, Rules
from services.certification.handlers.kinds import HOLD_OVER, ISSUE


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Judges an award by rule and plan, saves it, and sets or cancels its hold timer."""

    rules: Rules
    cohorts: Cohorts
    awards: Awards
    timers: Timers
    clock: Clock

    def rule_of(self, award: Award) -> RuleVersion | None:
        """The version in force, once there is one."""
        rule = self.rules.find(award_rule_id_of(award.cohort_id), scope=EVERYTHING)
        return rule.current if rule is not None and rule.versions else None

    def settle(self, award: Award, *, scope: Scope) -> None:
        """Judge and save."""
        rule = self.rule_of(award)
        if rule is not None:
            cohort = self.cohorts.find(award.cohort_id, scope=EVERYTHING)
            award.assess(rule, cohort.plan if cohort else Plan(), now=self.clock())
        self.save(award, scope=scope)

    def save(self, award: Award, *, scope: Scope) -> None:
        """Save, the timer following the state."""
        self.awards.save(award, scope=scope)
        if award.status is AwardStatus.HELD and award.hold_until is not None:
            self.timers.set(HOLD_OVER, award.award_id, award.hold_until)
        elif award.was_held:
            self.timers.cancel(HOLD_OVER, award.award_id)


def enrol_participant(command: EnrolParticipant, *, assessment: Assessment) -> None:
    """Open the award; evidence may have come before."""
    award = _award(
        command.participant_id, command.cohort_id, command.country_code, assessment.awards
    )
    award.enrol(subject_id=command.subject_id, country_code=command.country_code)
    assessment.settle(award, scope=command.actor.scope)


def note_attendance(command: NoteAttendance, *, assessment: Assessment) -> None:
    """Take in a register's entry and judge."""
    award = _award(
        command.participant_id, command.cohort_id, command.country_code, assessment.awards
    )
    award.note_attendance(command.attended)
    assessment.settle(award, scope=command.actor.scope)


def note_placement(command: NotePlacement, *, assessment: Assessment) -> None:
    """Take in a completed placement and judge."""
    award = _award(
        command.participant_id, command.cohort_id, command.country_code, assessment.awards
    )
    award.note_placement(command.placement)
    assessment.settle(award, scope=command.actor.scope)


def assess_award(command: AssessAward, *, assessment: Assessment) -> None:
    """Judge by the facts known now; an award that stays as it is is not written.

    Raises:
        NotFound: ``award.not_found``.
    """
    scope = command.actor.scope
    award = assessment.awards.get(command.award_id, scope=scope)
    before = copy(award)  # its values are never changed, only replaced
    rule = assessment.rule_of(award)
    if rule is None:
        return
    cohort = assessment.cohorts.find(award.cohort_id, scope=EVERYTHING)
    award.assess(rule, cohort.plan if cohort else Plan(), now=assessment.clock())
    if award != before or award.recorded:
        assessment.save(award, scope=scope)


def confirm_award(command: ConfirmAward, *, assessment: Assessment) -> None:
    """Let a met award go on.

    Raises:
        NotFound: ``award.not_found``.
        RuleViolation: ``award.not_eligible``.
        StaleVersion: ``award.changed_meanwhile``.
    """
    scope = command.actor.scope
    award = assessment.awards.get(
        command.award_id, scope=scope, expected_version=command.expected_version
    )
    rule = assessment.rule_of(award)
    award.confirm(rule, now=assessment.clock())
    assessment.save(award, scope=scope)


def take_back_confirmation(command: TakeBackConfirmation, *, assessment: Assessment) -> None:
    """Undo a confirmation within the hold window.

    Raises:
        NotFound: ``award.not_found``.
        RuleViolation: ``award.not_held``.
        StaleVersion: ``award.changed_meanwhile``.
    """
    scope = command.actor.scope
    award = assessment.awards.get(
        command.award_id, scope=scope, expected_version=command.expected_version
    )
    award.take_back()
    assessment.save(award, scope=scope)


def reach_award(command: ReachAward, *, awards: Awards, jobs: Jobs, clock: Clock) -> None:
    """The hold window is over: the certificate is made by a job.

    Raises:
        NotFound: ``award.not_found``.
        RuleViolation: ``award.not_held`` or ``award.still_held``.
    """
    award = awards.get(command.award_id, scope=command.actor.scope)
    award.reach(now=clock())
    awards.save(award, scope=command.actor.scope)
    order = {"award_id": award.award_id, "ordinal": 1}
    jobs.add(ISSUE, certificate_id_of(award.award_id, 1), order)


def close_award(command: CloseAward, *, assessment: Assessment) -> None:
    """The participant left.

    Raises:
        NotFound: ``award.not_found``.
    """
    scope = command.actor.scope
    award = assessment.awards.get(award_id_of(command.participant_id), scope=scope)
    award.close(reason_code=command.reason_code)
    assessment.save(award, scope=scope)


def assess_all(
    cohort_id: str,
    *,
    actor: Actor,
    handle: Handle,
    roster: Roster,
    judged: frozenset[str] = frozenset(),
) -> None:
    """Judge every award of a cohort; one that stays as it is is not written.

    Args:
        judged: participants whose awards were judged just now.
    """
    done = {award_id_of(participant_id) for participant_id in judged}
    for award_id in roster.award_ids_of(cohort_id):
        if award_id not in done:
            handle(AssessAward(actor=actor, award_id=award_id))


def _award(participant_id: str, cohort_id: str, country_code: str, awards: Awards) -> Award:
    """The participant's award; facts of different topics may come before the enrolment."""
    found = awards.find(award_id_of(participant_id), scope=EVERYTHING)
    return found or Award.expect(
        participant_id=participant_id, cohort_id=cohort_id, country_code=country_code
    )
