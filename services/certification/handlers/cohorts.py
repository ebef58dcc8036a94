"""Command handlers around a cohort: its rule, its plan, its letterhead."""

from __future__ import annotations

from chassis.access import EVERYTHING, Scope
from chassis.clock import Clock
from services.certification.domain.award_rule import AwardRule, RuleVersion, award_rule_id_of
from services.certification.domain.cohort_record import CohortRecord
from services.certification.domain.commands import (
    AnnounceCohort,
    ChangeLetterhead,
    CompleteCohort,
    KeepRegister,
    KeepRelease,
    PublishAwardRule,
    RedateCohort,
    RetimeSession,
)
from services.certification.domain.letterhead import centre_letterhead, letterhead_id_of
from services.certification.domain.ports import Cohorts, Letterheads, Rules


def publish_award_rule(
    command: PublishAwardRule, *, rules: Rules, cohorts: Cohorts, clock: Clock
) -> RuleVersion:
    """Put terms in force.

    Raises:
        NotFound: ``cohort.not_found``: registration has not announced it.
        RuleViolation: ``award_rule.unchanged``, or a code of ``AwardTerms.check``.
        StaleVersion: ``award_rule.changed_meanwhile``.
    """
    scope = command.actor.scope
    # The country is the cohort's, not what the sender says; saving checks it against the scope.
    country_code = cohorts.get(command.cohort_id, scope=EVERYTHING).country_code
    rule = rules.find(award_rule_id_of(command.cohort_id), scope=scope) or AwardRule.for_cohort(
        cohort_id=command.cohort_id, country_code=country_code
    )
    rule.publish(command.terms, now=clock())
    rules.save(rule, scope=scope)
    return rule.current


def announce_cohort(command: AnnounceCohort, *, cohorts: Cohorts) -> None:
    """Keep what registration announced."""
    record = _record(command.cohort_id, command.country_code, cohorts, command.actor.scope)
    record.announce(command.terms)
    record.date(command.dates)
    cohorts.save(record, scope=command.actor.scope)


def redate_cohort(command: RedateCohort, *, cohorts: Cohorts) -> None:
    """Keep the dates registration changed."""
    record = _record(command.cohort_id, command.country_code, cohorts, command.actor.scope)
    record.date(command.dates)
    cohorts.save(record, scope=command.actor.scope)


def complete_cohort(command: CompleteCohort, *, cohorts: Cohorts) -> None:
    """Nothing more will be planned."""
    record = _record(command.cohort_id, command.country_code, cohorts, command.actor.scope)
    record.complete()
    cohorts.save(record, scope=command.actor.scope)


def keep_release(command: KeepRelease, *, cohorts: Cohorts) -> None:
    """Keep the sessions of a released timetable."""
    record = _record(command.cohort_id, command.country_code, cohorts, command.actor.scope)
    record.release(command.release_version, command.placed, command.timed)
    cohorts.save(record, scope=command.actor.scope)


def retime_session(command: RetimeSession, *, cohorts: Cohorts) -> None:
    """Keep that a session was moved or cancelled."""
    record = _record(command.cohort_id, command.country_code, cohorts, command.actor.scope)
    record.retime(command.timed)
    cohorts.save(record, scope=command.actor.scope)


def keep_register(command: KeepRegister, *, cohorts: Cohorts) -> None:
    """Keep that a session took place."""
    record = _record(command.cohort_id, command.country_code, cohorts, command.actor.scope)
    record.register(command.registered)
    cohorts.save(record, scope=command.actor.scope)


def change_letterhead(command: ChangeLetterhead, *, letterheads: Letterheads) -> None:
    """Use other names and signatories from now on.

    Raises:
        RuleViolation: ``letterhead.signatories`` or ``letterhead.language_missing``.
    """
    scope = command.actor.scope
    found = letterheads.find(letterhead_id_of(command.country_code), scope=scope)
    letterhead = found or centre_letterhead(command.country_code)
    letterhead.change(centre_names=command.centre_names, signatories=command.signatories)
    letterheads.save(letterhead, scope=scope)


def _record(cohort_id: str, country_code: str, cohorts: Cohorts, scope: Scope) -> CohortRecord:
    """The cohort's record; facts of different topics may come before the announcement."""
    found = cohorts.find(cohort_id, scope=scope)
    return found or CohortRecord(cohort_id=cohort_id, country_code=country_code)
