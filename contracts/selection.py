"""What selection announces: rule sets, screenings, interviews, runs, offers, appeals."""

from __future__ import annotations

from datetime import datetime

from contracts.event import Event, event
from contracts.types import Code, Count, CountryMark, Id, Number, Presence, Route, Sha256, Zone


@event("rtcm.selection.ruleset.frozen.v1", key="ruleset_id")
class RuleSetFrozen(Event):
    """A rule set was used for the first time and cannot change any more.

    Heard by: partners (projects it).
    Personal data: none.
    """

    ruleset_id: Id
    cohort_id: Id
    country_code: CountryMark
    ruleset_version: Number
    sha256: Sha256
    frozen_at: datetime


@event("rtcm.selection.screening.shortlisted.v1", key="screening_id")
class ScreeningShortlisted(Event):
    """An application goes on to the interview.

    Heard by: notifications (tells the applicant).
    Personal data: none; ``subject_id`` is opaque.
    """

    screening_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    shortlisted_at: datetime


@event("rtcm.selection.screening.rejected.v1", key="screening_id")
class ScreeningRejected(Event):
    """An application does not go on.

    Heard by: notifications (tells the applicant why).
    Personal data: none; ``subject_id`` is opaque.
    """

    screening_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    reason_code: Code
    clause_code: Code | None = None
    """The clause of the rule set that failed, where one did."""
    rejected_at: datetime


@event("rtcm.selection.screening.undecided.v1", key="screening_id")
class ScreeningUndecided(Event):
    """The rules cannot decide on what the form says: a human must look.

    Heard by: nobody yet; kept for audit.
    Personal data: none; ``subject_id`` is opaque.
    """

    screening_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    clause_code: Code
    missing_question_codes: tuple[Code, ...]
    undecided_at: datetime


@event("rtcm.selection.interview.booked.v1", key="interview_id")
class InterviewBooked(Event):
    """An interview got its time.

    Heard by: notifications (invites, with a calendar file).
    Personal data: none; ``subject_id`` is opaque.
    """

    interview_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    starts_at: datetime
    ends_at: datetime
    zone: Zone
    mode: Presence
    booked_at: datetime


@event("rtcm.selection.interview.moved.v1", key="interview_id")
class InterviewMoved(Event):
    """An interview got another time; the values are those that hold now.

    Heard by: notifications (updates the invitation).
    Personal data: none; ``subject_id`` is opaque.
    """

    interview_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    starts_at: datetime
    ends_at: datetime
    zone: Zone
    mode: Presence
    moved_at: datetime


@event("rtcm.selection.interview.scored.v1", key="interview_id")
class InterviewScored(Event):
    """All scores of an interview are in; the scores stay in selection.

    Heard by: nobody yet; kept for audit.
    Personal data: none; ``subject_id`` is opaque and no score is in it.
    """

    interview_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    scored_at: datetime


@event("rtcm.selection.interview.missed.v1", key="interview_id")
class InterviewMissed(Event):
    """The applicant did not come to the interview.

    Heard by: notifications (tells the applicant).
    Personal data: none; ``subject_id`` is opaque.
    """

    interview_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    missed_at: datetime


@event("rtcm.selection.run.committed.v1", key="run_id")
class RunCommitted(Event):
    """The secret of the tie-breaking lottery was bound before anybody could know the draw.

    Heard by: partners (publishes the commitment).
    Personal data: none.
    """

    run_id: Id
    call_id: Id
    cohort_ids: tuple[Id, ...]
    country_code: CountryMark
    lottery_commitment_sha256: Sha256
    public_value_name: Code
    """Which public value, not yet known, is mixed into the draw."""
    committed_at: datetime


@event("rtcm.selection.run.completed.v1", key="run_id")
class RunCompleted(Event):
    """Seats were allocated, verified and published.

    Heard by: partners (projects it).
    Personal data: none; hashes and counts of the whole pool.
    """

    run_id: Id
    call_id: Id
    cohort_ids: tuple[Id, ...]
    country_code: CountryMark
    pool_sha256: Sha256
    result_sha256: Sha256
    placed_count: Count
    waitlisted_count: Count
    completed_at: datetime


@event("rtcm.selection.offer.made.v1", key="offer_id")
class OfferMade(Event):
    """A place was offered; it is kept until ``answer_by``.

    Heard by: notifications (mails the offer), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    offer_id: Id
    run_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    route: Route
    answer_by: datetime
    made_at: datetime


@event("rtcm.selection.offer.accepted.v1", key="offer_id")
class OfferAccepted(Event):
    """A person took the place that was offered.

    Heard by: registration (enrols), notifications (confirms it), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    offer_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    route: Route
    accepted_at: datetime


@event("rtcm.selection.offer.declined.v1", key="offer_id")
class OfferDeclined(Event):
    """A person did not want the place that was offered.

    Heard by: notifications (confirms it), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    offer_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    route: Route
    declined_at: datetime


@event("rtcm.selection.offer.expired.v1", key="offer_id")
class OfferExpired(Event):
    """Nobody answered an offer in time.

    Heard by: notifications (tells the applicant), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    offer_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    route: Route
    expired_at: datetime


@event("rtcm.selection.offer.withdrawn.v1", key="offer_id")
class OfferWithdrawn(Event):
    """The centre took an offer back.

    Heard by: notifications (tells the applicant why), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    offer_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    route: Route
    reason_code: Code
    withdrawn_at: datetime


@event("rtcm.selection.place.waitlisted.v1", key="place_id")
class PlaceWaitlisted(Event):
    """A person waits for a place to become free.

    Heard by: notifications (tells the applicant), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    place_id: Id
    run_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    rank: Number
    waitlisted_at: datetime


@event("rtcm.selection.appeal.decided.v1", key="appeal_id")
class AppealDecided(Event):
    """An appeal against a decision was answered.

    Heard by: notifications (tells the applicant).
    Personal data: none; ``subject_id`` is opaque, the reasons stay in selection.
    """

    appeal_id: Id
    application_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    outcome_code: Code
    decided_at: datetime


@event("rtcm.selection.erasure.confirmed.v1", key="erasure_id")
class ErasureConfirmed(Event):
    """Selection removed what it held about a person.

    Heard by: registration (counts the receipt).
    Personal data: none; ``subject_id`` is opaque.
    """

    erasure_id: Id
    subject_id: Id
    country_code: CountryMark
    removed_count: Count
    confirmed_at: datetime
