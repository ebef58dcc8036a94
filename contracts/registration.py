"""What registration announces: programmes, calls, applications, nominations, participants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from contracts.event import Event, event
from contracts.types import (
    Code,
    Count,
    CountryCode,
    CountryMark,
    Delivery,
    Id,
    LanguageCode,
    LanguageMap,
    Number,
    Range,
    Route,
    Sealed,
    Zone,
)

GcmObjective = Annotated[int, Range(1, 23)]
SdgGoal = Annotated[int, Range(1, 17)]


@event("rtcm.registration.programme.published.v1", key="programme_id")
class ProgrammePublished(Event):
    """A programme of the centre was made public.

    Heard by: partners (projects it for partner systems).
    Personal data: none.
    """

    programme_id: Id
    country_code: CountryMark = "*"
    code: Code
    titles: LanguageMap
    gcm_objectives: tuple[GcmObjective, ...]
    sdgs: tuple[SdgGoal, ...]
    published_at: datetime


@event("rtcm.registration.cohort.announced.v1", key="cohort_id")
class CohortAnnounced(Event):
    """One edition of a programme was announced, with its dates and countries.

    Heard by: selection (prepares rule sets), scheduling (pins a curriculum), certification (pins
    an award rule), notifications (dates and titles for messages), partners (projects it).
    Personal data: none.
    """

    cohort_id: Id
    programme_id: Id
    programme_code: Code
    edition_code: Code
    titles: LanguageMap
    country_code: CountryMark
    country_codes: tuple[CountryCode, ...]
    starts_on: date
    ends_on: date
    zone: Zone
    delivery: Delivery
    language_code: LanguageCode
    seat_count: Count
    announced_at: datetime


@event("rtcm.registration.cohort.changed.v1", key="cohort_id")
class CohortChanged(Event):
    """Dates, zone or delivery of a cohort changed; the values are those that hold now.

    Heard by: selection (takes note of the dates), scheduling (places sessions within the dates),
    certification, notifications, partners (project it).
    Personal data: none.
    """

    cohort_id: Id
    country_code: CountryMark
    starts_on: date
    ends_on: date
    zone: Zone
    delivery: Delivery
    changed_at: datetime


@event("rtcm.registration.cohort.completed.v1", key="cohort_id")
class CohortCompleted(Event):
    """A cohort ended: nothing more is taught in it.

    Heard by: certification (decides what is still open), scheduling (closes the registers),
    partners (projects it).
    Personal data: none.
    """

    cohort_id: Id
    country_code: CountryMark
    completed_at: datetime


@event("rtcm.registration.call.opened.v1", key="call_id")
class CallOpened(Event):
    """A call to apply to one or several cohorts opened.

    Heard by: selection (expects applications), notifications (dates for messages), partners
    (projects it).
    Personal data: none.
    """

    call_id: Id
    cohort_ids: tuple[Id, ...]
    country_code: CountryMark
    routes: tuple[Route, ...]
    opens_at: datetime
    closes_at: datetime
    grace_minutes: Count
    preference_limit: Number
    opened_at: datetime


@event("rtcm.registration.call.closed.v1", key="call_id")
class CallClosed(Event):
    """A call closed: no application or nomination comes in any more.

    Heard by: selection (the pool is complete), partners (projects it).
    Personal data: none; the counts are of the whole call.
    """

    call_id: Id
    cohort_ids: tuple[Id, ...]
    country_code: CountryMark
    closed_at: datetime
    submitted_count: Count
    confirmed_nomination_count: Count


@dataclass(frozen=True, kw_only=True)
class CodedAnswer:
    """The answer to one closed question that is not about who the person is.

    Options by their codes; a number or yes/no as a code of its digits or word.
    """

    question_code: Code
    option_codes: tuple[Code, ...]


@event("rtcm.registration.application.submitted.v1", key="application_id")
class ApplicationSubmitted(Event):
    """A person sent a complete form while the call was open.

    Heard by: selection (opens a screening), notifications (confirms receipt), partners (projects
    it).
    Personal data: none; ``subject_id`` is opaque, answers are coded and non-personal only.
    """

    application_id: Id
    call_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    preferences: tuple[Id, ...]
    """Cohort ids, the dearest first; ``cohort_id`` is the first of them."""
    answers: tuple[CodedAnswer, ...]
    language_code: LanguageCode
    submitted_at: datetime


@event("rtcm.registration.application.amended.v1", key="application_id")
class ApplicationAmended(Event):
    """A submitted form was changed while the call was open; the values replace the former.

    Heard by: selection (screens anew), notifications (confirms the change), partners (projects
    it).
    Personal data: none; ``subject_id`` is opaque, answers are coded and non-personal only.
    """

    application_id: Id
    call_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    preferences: tuple[Id, ...]
    """Cohort ids, the dearest first; ``cohort_id`` is the first of them."""
    answers: tuple[CodedAnswer, ...]
    language_code: LanguageCode
    amended_at: datetime


@event("rtcm.registration.application.withdrawn.v1", key="application_id")
class ApplicationWithdrawn(Event):
    """A person took an application back.

    Heard by: selection (closes the screening), notifications (confirms it), partners (projects
    it).
    Personal data: none; ``subject_id`` is opaque.
    """

    application_id: Id
    call_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    withdrawn_at: datetime


@event("rtcm.registration.nomination.confirmed.v1", key="nomination_id")
class NominationConfirmed(Event):
    """A state body's nomination of an official was confirmed, or replaced an earlier one.

    Heard by: registration (enrols where no review follows), selection (counts the place),
    notifications (tells the nominee), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    nomination_id: Id
    call_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    organisation_code: Code
    replaces_nomination_id: Id | None = None
    language_code: LanguageCode
    confirmed_at: datetime


@event("rtcm.registration.nomination.withdrawn.v1", key="nomination_id")
class NominationWithdrawn(Event):
    """A nomination was taken back.

    Heard by: registration (the nominee leaves), selection (frees the place), notifications (tells
    the nominee), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    nomination_id: Id
    call_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    reason_code: Code
    withdrawn_at: datetime


@event("rtcm.registration.focalpoint.invited.v1", key="focal_point_id")
class FocalPointInvited(Event):
    """A focal point of a state body was asked to nominate officials.

    Heard by: notifications (mails the link).
    Personal data: none; ``subject_id`` stands for the focal point and is opaque.
    """

    focal_point_id: Id
    call_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    organisation_code: Code
    place_count: Count
    language_code: LanguageCode
    invited_at: datetime


@event("rtcm.registration.participant.enrolled.v1", key="participant_id")
class ParticipantEnrolled(Event):
    """A person took up a place in a cohort.

    Heard by: scheduling (adds to the register), certification (opens an award), notifications
    (welcomes), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    participant_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    route: Route
    cause_id: Id
    """The offer that was accepted, or the nomination that was confirmed."""
    language_code: LanguageCode
    enrolled_at: datetime


@event("rtcm.registration.participant.left.v1", key="participant_id")
class ParticipantLeft(Event):
    """A participant left the cohort before its end.

    Heard by: selection (refills the place before the start), scheduling (ends the register),
    certification (decides the award), notifications (confirms it), partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    participant_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    reason_code: Code
    left_at: datetime


@event("rtcm.registration.participant.completed.v1", key="participant_id")
class ParticipantCompleted(Event):
    """A participant stayed until the cohort's end.

    Heard by: partners (projects it).
    Personal data: none; ``subject_id`` is opaque.
    """

    participant_id: Id
    cohort_id: Id
    subject_id: Id
    country_code: CountryMark
    completed_at: datetime


@event("rtcm.registration.subject.erasure_requested.v1", key="subject_id")
class SubjectErasureRequested(Event):
    """A person is to be forgotten: every service removes what it holds and confirms.

    Heard by: selection, scheduling, certification, notifications, partners (each removes and
    answers ``erasure.confirmed``).
    Personal data: none; ``subject_id`` is opaque.
    """

    subject_id: Id
    country_code: CountryMark
    requested_at: datetime


@event("rtcm.registration.subject.erased.v1", key="subject_id")
class SubjectErased(Event):
    """All services confirmed and the person's key is destroyed.

    Heard by: partners (tells partner systems that knew the person).
    Personal data: none; ``subject_id`` is opaque and leads nowhere any more.
    """

    subject_id: Id
    country_code: CountryMark
    receipt_count: Count
    erased_at: datetime


@event("rtcm.registration.signin.requested.v1", key="signin_id")
class SignInRequested(Event):
    """A person asked for a link to sign in with.

    Heard by: notifications (mails the link).
    Personal data: none; ``subject_id`` is opaque, the link itself is not in it.
    """

    signin_id: Id
    subject_id: Id
    country_code: CountryMark
    language_code: LanguageCode
    requested_at: datetime


@event("rtcm.registration.contact.sealed.v1", key="subject_id", private=True)
class ContactSealed(Event):
    """How a person can be reached, encrypted for the services that write to people.

    Heard by: notifications (opens it with the person's key when it sends).
    Personal data: yes, name and addresses, only inside ``sealed``: AES-GCM under the person's
    own key, which erasure destroys.
    """

    subject_id: Id
    country_code: CountryMark
    language_code: LanguageCode
    key_id: Id
    sealed: Sealed


@event("rtcm.registration.contact.erased.v1", key="subject_id", private=True)
class ContactErased(Event):
    """The contact data of a person are gone; compaction drops what was sealed before.

    Heard by: notifications (forgets the contact).
    Personal data: none; ``subject_id`` is opaque.
    """

    subject_id: Id
    country_code: CountryMark
    erased_at: datetime
