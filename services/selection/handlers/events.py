"""What selection does on events of other services: translate, and be safe to repeat."""

from __future__ import annotations

from chassis.access import EVERYTHING, service_actor
from chassis.aggregate import Handle
from chassis.ports import Jobs
from contracts.registration import (
    ApplicationAmended,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CallClosed,
    CallOpened,
    CohortAnnounced,
    CohortChanged,
    NominationConfirmed,
    NominationWithdrawn,
    ParticipantLeft,
    SubjectErasureRequested,
)
from services.selection.domain.commands import (
    AmendScreening,
    CancelInterview,
    CloseCall,
    OpenScreening,
    RememberCall,
    RememberCohort,
    UseRuleSet,
    WithdrawOffer,
    WithdrawScreening,
)
from services.selection.domain.interview import Interview, InterviewStatus
from services.selection.domain.ports import Cohorts, Interviews, Register, RuleSets, Screenings
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.screening import Screening, ScreeningStatus
from services.selection.handlers.job_kinds import ERASE

_ACTOR = service_actor("selection")


def on_cohort_announced(event: CohortAnnounced, *, handle: Handle) -> None:
    """Take note of a cohort.

    Safe to repeat: the same dates are noted again.
    """
    handle(
        RememberCohort(
            actor=_ACTOR,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            zone=event.zone,
        )
    )


def on_cohort_changed(event: CohortChanged, *, handle: Handle) -> None:
    """Take note of a cohort's new dates.

    Safe to repeat: the same dates are noted again.
    """
    handle(
        RememberCohort(
            actor=_ACTOR,
            cohort_id=event.cohort_id,
            country_code=event.country_code,
            starts_on=event.starts_on,
            ends_on=event.ends_on,
            zone=event.zone,
        )
    )


def on_call_opened(event: CallOpened, *, handle: Handle) -> None:
    """Take note of a call; from now on the rules of its cohorts change no more.

    Safe to repeat: a call is noted once, and rules are frozen once.
    """
    handle(
        RememberCall(
            actor=_ACTOR,
            call_id=event.call_id,
            cohort_ids=event.cohort_ids,
            country_code=event.country_code,
            opens_at=event.opens_at,
            closes_at=event.closes_at,
        )
    )
    for cohort_id in event.cohort_ids:
        handle(UseRuleSet(actor=_ACTOR, cohort_id=cohort_id))


def on_call_closed(event: CallClosed, *, handle: Handle) -> None:
    """Take note that nobody applies any more.

    Safe to repeat: the same instant is noted again.
    """
    handle(CloseCall(actor=_ACTOR, call_id=event.call_id, closed_at=event.closed_at))


def on_application_submitted(event: ApplicationSubmitted, *, handle: Handle) -> None:
    """Open one screening per application.

    Safe to repeat: the screening's id follows from the application's; one that is there stays.
    """
    handle(
        OpenScreening(
            actor=_ACTOR,
            application_id=event.application_id,
            call_id=event.call_id,
            subject_id=event.subject_id,
            country_code=event.country_code,
            route="open",
            preferences=event.preferences,
            answers=event.answers,
        )
    )


def on_application_amended(event: ApplicationAmended, *, handle: Handle) -> None:
    """Judge the changed form.

    Safe to repeat: the same form is judged again with the same outcome.
    """
    handle(
        AmendScreening(
            actor=_ACTOR,
            application_id=event.application_id,
            preferences=event.preferences,
            answers=event.answers,
        )
    )


def on_application_withdrawn(
    event: ApplicationWithdrawn,
    *,
    screenings: Screenings,
    interviews: Interviews,
    register: Register,
    handle: Handle,
) -> None:
    """End the screening, and the interview and the offer that follow from it.

    Safe to repeat: what has ended is not ended again.
    """
    _end(event.application_id, screenings, interviews, register, handle)


def on_nomination_confirmed(
    event: NominationConfirmed, *, rule_sets: RuleSets, handle: Handle
) -> None:
    """Open a screening where the cohort's rules ask for one; else registration just enrols.

    Safe to repeat: the screening's id follows from the nomination's; one that is there stays.
    """
    rule_set = rule_sets.find(RuleSet.id_for(event.cohort_id), scope=EVERYTHING)
    if rule_set is not None and rule_set.rules.nominations_need_review:
        handle(
            OpenScreening(
                actor=_ACTOR,
                application_id=event.nomination_id,
                call_id=event.call_id,
                subject_id=event.subject_id,
                country_code=event.country_code,
                route="nomination",
                preferences=(event.cohort_id,),
                answers=(),
            )
        )


def on_nomination_withdrawn(
    event: NominationWithdrawn,
    *,
    screenings: Screenings,
    interviews: Interviews,
    register: Register,
    handle: Handle,
) -> None:
    """End the nominee's screening, if there is one.

    Safe to repeat: what has ended is not ended again.
    """
    _end(event.nomination_id, screenings, interviews, register, handle)


def on_participant_left(
    event: ParticipantLeft, *, cohorts: Cohorts, register: Register, handle: Handle
) -> None:
    """Free the place of somebody who left before the first day.

    Safe to repeat: a withdrawn offer is live no more.
    """
    cohort = cohorts.find(event.cohort_id, scope=EVERYTHING)
    if cohort is None or cohort.has_started(event.left_at.date()):
        return
    for offer in register.live_offers(subject_id=event.subject_id):
        if offer.cohort_id == event.cohort_id:
            handle(
                WithdrawOffer(actor=_ACTOR, offer_id=offer.offer_id, reason_code="participant_left")
            )


def on_erasure_requested(event: SubjectErasureRequested, *, jobs: Jobs) -> None:
    """Forget a person, outside this transaction.

    Safe to repeat: there is one job per person.
    """
    payload = {"subject_id": event.subject_id, "country_code": event.country_code}
    jobs.add(ERASE, event.subject_id, payload)


def _end(
    application_id: str,
    screenings: Screenings,
    interviews: Interviews,
    register: Register,
    handle: Handle,
) -> None:
    screening = screenings.find(Screening.id_for(application_id), scope=EVERYTHING)
    if screening is None or screening.status is ScreeningStatus.WITHDRAWN:
        return
    for offer in register.live_offers(application_id=application_id):
        handle(
            WithdrawOffer(
                actor=_ACTOR, offer_id=offer.offer_id, reason_code="application_withdrawn"
            )
        )
    interview = interviews.find(Interview.id_for(application_id), scope=EVERYTHING)
    if interview is not None and interview.status is InterviewStatus.BOOKED:
        handle(CancelInterview(actor=_ACTOR, interview_id=interview.interview_id))
    handle(WithdrawScreening(actor=_ACTOR, application_id=application_id))
