"""Handlers of programmes, cohorts and calls."""

from __future__ import annotations

from chassis.access import EVERYTHING
from chassis.clock import Clock
from chassis.ports import Jobs, Timers
from services.registration.domain.call import Call
from services.registration.domain.cohort import Cohort
from services.registration.domain.commands.programmes import (
    AnnounceCohort,
    CloseCall,
    CompleteCohort,
    DraftCall,
    OpenCall,
    PublishProgramme,
    RescheduleCohort,
    ReviseForm,
)
from services.registration.domain.ports import Calls, Cohorts, Programmes, Tallies
from services.registration.domain.programme import Programme
from services.registration.handlers.scheduled import CALL_CLOSING, COHORT_COMPLETION, COHORT_END


def publish_programme(command: PublishProgramme, *, programmes: Programmes, clock: Clock) -> None:
    """Make a programme public.

    Raises:
        RuleViolation: as ``Programme.publish``.
    """
    programme = Programme.publish(
        programme_id=command.programme_id,
        country_code=command.country_code,
        code=command.code,
        titles=command.titles,
        descriptions=command.descriptions,
        gcm_objectives=command.gcm_objectives,
        sdgs=command.sdgs,
        organisation_codes=command.organisation_codes,
        now=clock(),
    )
    programmes.save(programme, scope=command.actor.scope)


def announce_cohort(
    command: AnnounceCohort,
    *,
    programmes: Programmes,
    cohorts: Cohorts,
    timers: Timers,
    clock: Clock,
) -> None:
    """Make an edition known, and have it end by itself.

    Raises:
        NotFound: ``programme.not_found``.
        RuleViolation, InvalidBody: as ``Cohort.announce``.
    """
    programme = programmes.get(command.programme_id, scope=EVERYTHING)  # programmes are public
    cohort = Cohort.announce(
        programme,
        cohort_id=command.cohort_id,
        edition_code=command.edition_code,
        titles=command.titles,
        country_code=command.country_code,
        country_codes=command.country_codes,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        zone=command.zone,
        delivery=command.delivery,
        language_code=command.language_code,
        seat_count=command.seat_count,
        seat_pools=command.seat_pools,
        details_form=command.details_form,
        now=clock(),
    )
    cohorts.save(cohort, scope=command.actor.scope)
    timers.set(COHORT_END, cohort.cohort_id, cohort.ends_at)


def reschedule_cohort(
    command: RescheduleCohort, *, cohorts: Cohorts, timers: Timers, clock: Clock
) -> None:
    """Change dates, zone or delivery; its end moves along.

    Raises:
        NotFound, StaleVersion.
        RuleViolation: as ``Cohort.reschedule``.
    """
    cohort = cohorts.get(
        command.cohort_id, scope=command.actor.scope, expected_version=command.expected_version
    )
    cohort.reschedule(
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        zone=command.zone,
        delivery=command.delivery,
        now=clock(),
    )
    cohorts.save(cohort, scope=command.actor.scope)
    timers.set(COHORT_END, cohort.cohort_id, cohort.ends_at)


def complete_cohort(command: CompleteCohort, *, cohorts: Cohorts, jobs: Jobs, clock: Clock) -> None:
    """End a cohort; its participants follow one by one.

    Raises:
        NotFound.
        RuleViolation: as ``Cohort.complete``.
    """
    cohort = cohorts.get(command.cohort_id, scope=command.actor.scope)
    cohort.complete(now=clock())
    cohorts.save(cohort, scope=command.actor.scope)
    jobs.add(COHORT_COMPLETION, cohort.cohort_id, {})


def draft_call(command: DraftCall, *, cohorts: Cohorts, calls: Calls) -> None:
    """Prepare a call.

    Raises:
        NotFound: ``cohort.not_found``.
        RuleViolation, InvalidBody: as ``Call.draft``.
    """
    scope = command.actor.scope
    call = Call.draft(
        [cohorts.get(cohort_id, scope=scope) for cohort_id in command.cohort_ids],
        call_id=command.call_id,
        country_code=command.country_code,
        titles=command.titles,
        routes=command.routes,
        opens_at=command.opens_at,
        closes_at=command.closes_at,
        grace_minutes=command.grace_minutes,
        preference_limit=command.preference_limit,
        form=command.form,
    )
    calls.save(call, scope=scope)


def revise_form(command: ReviseForm, *, calls: Calls) -> None:
    """Replace the form of a call in draft.

    Raises:
        NotFound, StaleVersion.
        RuleViolation, InvalidBody: as ``Call.revise_form``.
    """
    call = calls.get(
        command.call_id, scope=command.actor.scope, expected_version=command.expected_version
    )
    call.revise_form(command.form)
    calls.save(call, scope=command.actor.scope)


def open_call(command: OpenCall, *, calls: Calls, timers: Timers, clock: Clock) -> None:
    """Make a call public, and have it close by itself.

    Raises:
        NotFound, StaleVersion.
        RuleViolation: as ``Call.open``.
    """
    call = calls.get(
        command.call_id, scope=command.actor.scope, expected_version=command.expected_version
    )
    call.open(now=clock())
    calls.save(call, scope=command.actor.scope)
    timers.set(CALL_CLOSING, call.call_id, call.settles_at)


def close_call(command: CloseCall, *, calls: Calls, tallies: Tallies, clock: Clock) -> None:
    """Close and count a call.

    Raises:
        NotFound.
        RuleViolation: as ``Call.close``.
    """
    call = calls.get(command.call_id, scope=command.actor.scope)
    call.close(
        submitted_count=tallies.submitted(call.call_id),
        confirmed_nomination_count=tallies.confirmed_nominations(call.call_id),
        now=clock(),
    )
    calls.save(call, scope=command.actor.scope)
