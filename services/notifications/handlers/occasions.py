"""Which fact is told to the person it is about, and what of it the message needs.

Facts about a whole cohort and facts with more consequences than a message are in ``events``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.certification import (
    AlumnusJoined,
    AwardReached,
    AwardUnreachable,
    CertificateIssued,
    CertificateReinstated,
    CertificateRevoked,
    CertificateSuperseded,
    CertificateSuspended,
    VolunteerAccepted,
)
from contracts.event import Event
from contracts.registration import (
    ApplicationAmended,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    FocalPointInvited,
    NominationConfirmed,
    NominationWithdrawn,
)
from contracts.selection import (
    AppealDecided,
    InterviewBooked,
    InterviewMissed,
    InterviewMoved,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferWithdrawn,
    PlaceWaitlisted,
    ScreeningRejected,
    ScreeningShortlisted,
)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """A message type, the event's fields it needs, and the field after which it is of no use."""

    type_code: str
    params: tuple[str, ...] = ()
    useful_until: str | None = None

    def params_of(self, event: Event) -> dict[str, str]:
        """The fields as texts: instants in RFC 3339, lists with commas, ``None`` left out."""
        values = ((name, getattr(event, name)) for name in self.params)
        return {name: as_text(value) for name, value in values if value is not None}


_INTERVIEW = ("interview_id", "starts_at", "ends_at", "zone", "mode")

OCCASIONS: Mapping[type[Event], Occasion] = {
    ApplicationSubmitted: Occasion(
        type_code="application_received", params=("application_id", "call_id", "submitted_at")
    ),
    ApplicationAmended: Occasion(
        type_code="application_amended", params=("application_id", "call_id", "amended_at")
    ),
    ApplicationWithdrawn: Occasion(
        type_code="application_withdrawn", params=("application_id", "withdrawn_at")
    ),
    ScreeningRejected: Occasion(
        type_code="application_rejected", params=("application_id", "reason_code")
    ),
    ScreeningShortlisted: Occasion(type_code="application_shortlisted", params=("application_id",)),
    InterviewBooked: Occasion(
        type_code="interview_booked", params=(*_INTERVIEW, "booked_at"), useful_until="starts_at"
    ),
    InterviewMoved: Occasion(
        type_code="interview_moved", params=(*_INTERVIEW, "moved_at"), useful_until="starts_at"
    ),
    InterviewMissed: Occasion(type_code="interview_missed", params=("application_id",)),
    OfferAccepted: Occasion(type_code="offer_accepted", params=("offer_id",)),
    OfferDeclined: Occasion(type_code="offer_declined", params=("offer_id",)),
    OfferExpired: Occasion(type_code="offer_expired", params=("offer_id",)),
    OfferWithdrawn: Occasion(type_code="offer_withdrawn", params=("offer_id", "reason_code")),
    PlaceWaitlisted: Occasion(type_code="place_waitlisted", params=("application_id", "rank")),
    AppealDecided: Occasion(type_code="appeal_decided", params=("appeal_id", "outcome_code")),
    FocalPointInvited: Occasion(
        type_code="focal_point_invited", params=("focal_point_id", "call_id", "place_count")
    ),
    NominationConfirmed: Occasion(type_code="nomination_confirmed", params=("nomination_id",)),
    NominationWithdrawn: Occasion(type_code="nomination_withdrawn", params=("nomination_id",)),
    AwardReached: Occasion(type_code="award_reached", params=("kind_code",)),
    AwardUnreachable: Occasion(type_code="award_unreachable", params=("kind_code",)),
    CertificateIssued: Occasion(
        type_code="certificate_issued", params=("certificate_id", "serial", "kind_code")
    ),
    CertificateSuperseded: Occasion(
        type_code="certificate_superseded", params=("certificate_id", "successor_id")
    ),
    CertificateRevoked: Occasion(type_code="certificate_revoked", params=("certificate_id",)),
    CertificateSuspended: Occasion(type_code="certificate_suspended", params=("certificate_id",)),
    CertificateReinstated: Occasion(type_code="certificate_reinstated", params=("certificate_id",)),
    AlumnusJoined: Occasion(type_code="alumnus_joined"),
    VolunteerAccepted: Occasion(type_code="volunteer_accepted"),
}


def as_text(value: Any) -> str:
    """One field as a message keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)
