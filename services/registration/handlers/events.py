"""Heard events to commands; every handler is safe to repeat."""

from __future__ import annotations

from chassis.access import service_actor
from chassis.aggregate import Handle
from contracts import certification, notifications, partners, scheduling, selection
from contracts.event import service_of
from contracts.registration import NominationConfirmed, NominationWithdrawn
from contracts.selection import OfferAccepted
from services.registration.domain.call import Route
from services.registration.domain.commands.nominations import RetireNomination
from services.registration.domain.commands.participants import (
    EnrolNominee,
    EnrolParticipant,
    ReleaseNominee,
)
from services.registration.domain.commands.subjects import TakeErasureReceipt

_SELF = service_actor("registration")

ErasureConfirmed = (
    selection.ErasureConfirmed
    | scheduling.ErasureConfirmed
    | certification.ErasureConfirmed
    | notifications.ErasureConfirmed
    | partners.ErasureConfirmed
)


def on_offer_accepted(event: OfferAccepted, *, handle: Handle) -> None:
    """Enrol who accepted.

    Safe to repeat: the participant's id follows from cohort and person.
    """
    handle(
        EnrolParticipant(
            actor=_SELF,
            cohort_id=event.cohort_id,
            subject_id=event.subject_id,
            route=Route(event.route),
            cause_id=event.offer_id,
        )
    )


def on_nomination_confirmed(event: NominationConfirmed, *, handle: Handle) -> None:
    """Enrol the nominee where no review is asked for, and have a replaced one give way.

    Safe to repeat: the participant's id follows from cohort and person, and a retired nomination
    stays retired.
    """
    if event.replaces_nomination_id is not None:
        handle(RetireNomination(actor=_SELF, nomination_id=event.replaces_nomination_id))
    handle(
        EnrolNominee(
            actor=_SELF,
            cohort_id=event.cohort_id,
            subject_id=event.subject_id,
            country_code=event.country_code,
            nomination_id=event.nomination_id,
        )
    )


def on_nomination_withdrawn(event: NominationWithdrawn, *, handle: Handle) -> None:
    """Have the nominee leave the cohort.

    Safe to repeat: who is gone is left as they are.
    """
    handle(
        ReleaseNominee(
            actor=_SELF,
            cohort_id=event.cohort_id,
            subject_id=event.subject_id,
            nomination_id=event.nomination_id,
            reason_code=event.reason_code,
        )
    )


def on_erasure_confirmed(event: ErasureConfirmed, *, handle: Handle) -> None:
    """Note a service's receipt.

    Safe to repeat: a service's receipt counts once.
    """
    handle(
        TakeErasureReceipt(
            actor=_SELF,
            subject_id=event.subject_id,
            service=service_of(event.event_type),
            removed_count=event.removed_count,
        )
    )
