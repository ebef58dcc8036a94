"""What partner systems may see: a closed list of event types, and of fields of each.

Nothing is public because it exists: an event type or field that is not written here stays inside
(docs/decisions/0010). Left out on purpose: everything that singles a person out or lets two
partners find that they know the same one (answers, ranks, reasons, organisations, serial numbers,
hashes of certificates, lists of participants).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.partners.domain.person_ids import person_id

SUBJECT_ERASED = "rtcm.registration.subject.erased.v1"
"""Goes to every partner that was told of the person: it has to forget too."""

_APPLICATION = ("application_id", "call_id", "cohort_id", "subject_id", "country_code")
_NOMINATION = ("nomination_id", "call_id", "cohort_id", "subject_id", "country_code")
_OFFER = ("offer_id", "application_id", "cohort_id", "subject_id", "country_code", "route")
_PARTICIPANT = ("participant_id", "cohort_id", "subject_id", "country_code")
_CERTIFICATE = ("certificate_id", "subject_id", "cohort_id", "country_code")
_DATES = ("starts_on", "ends_on", "zone", "delivery")
_SESSION = ("session_id", "timetable_id", "cohort_id", "country_code", "training_code")

PUBLIC_FIELDS: Mapping[str, tuple[str, ...]] = {
    "rtcm.registration.programme.published.v1": (
        "programme_id",
        "country_code",
        "code",
        "titles",
        "gcm_objectives",
        "sdgs",
        "published_at",
    ),
    "rtcm.registration.cohort.announced.v1": (
        "cohort_id",
        "programme_id",
        "programme_code",
        "edition_code",
        "titles",
        "country_code",
        "country_codes",
        *_DATES,
        "language_code",
        "seat_count",
        "announced_at",
    ),
    "rtcm.registration.cohort.changed.v1": ("cohort_id", "country_code", *_DATES, "changed_at"),
    "rtcm.registration.cohort.completed.v1": ("cohort_id", "country_code", "completed_at"),
    "rtcm.registration.call.opened.v1": (
        "call_id",
        "cohort_ids",
        "country_code",
        "routes",
        "opens_at",
        "closes_at",
        "grace_minutes",
        "preference_limit",
        "opened_at",
    ),
    "rtcm.registration.call.closed.v1": (
        "call_id",
        "cohort_ids",
        "country_code",
        "closed_at",
        "submitted_count",
        "confirmed_nomination_count",
    ),
    "rtcm.registration.application.submitted.v1": (*_APPLICATION, "submitted_at"),
    "rtcm.registration.application.amended.v1": (*_APPLICATION, "amended_at"),
    "rtcm.registration.application.withdrawn.v1": (*_APPLICATION, "withdrawn_at"),
    "rtcm.registration.nomination.confirmed.v1": (
        *_NOMINATION,
        "replaces_nomination_id",
        "confirmed_at",
    ),
    "rtcm.registration.nomination.withdrawn.v1": (*_NOMINATION, "withdrawn_at"),
    "rtcm.registration.participant.enrolled.v1": (
        *_PARTICIPANT,
        "route",
        "cause_id",
        "enrolled_at",
    ),
    "rtcm.registration.participant.left.v1": (*_PARTICIPANT, "left_at"),
    "rtcm.registration.participant.completed.v1": (*_PARTICIPANT, "completed_at"),
    SUBJECT_ERASED: ("subject_id", "country_code", "erased_at"),
    "rtcm.selection.ruleset.frozen.v1": (
        "ruleset_id",
        "cohort_id",
        "country_code",
        "ruleset_version",
        "sha256",
        "frozen_at",
    ),
    "rtcm.selection.run.committed.v1": (
        "run_id",
        "call_id",
        "cohort_ids",
        "country_code",
        "lottery_commitment_sha256",
        "public_value_name",
        "committed_at",
    ),
    "rtcm.selection.run.completed.v1": (
        "run_id",
        "call_id",
        "cohort_ids",
        "country_code",
        "pool_sha256",
        "result_sha256",
        "placed_count",
        "waitlisted_count",
        "completed_at",
    ),
    "rtcm.selection.offer.made.v1": (*_OFFER, "run_id", "answer_by", "made_at"),
    "rtcm.selection.offer.accepted.v1": (*_OFFER, "accepted_at"),
    "rtcm.selection.offer.declined.v1": (*_OFFER, "declined_at"),
    "rtcm.selection.offer.expired.v1": (*_OFFER, "expired_at"),
    "rtcm.selection.offer.withdrawn.v1": (*_OFFER, "withdrawn_at"),
    "rtcm.selection.place.waitlisted.v1": (
        "place_id",
        "run_id",
        "application_id",
        "cohort_id",
        "subject_id",
        "country_code",
        "waitlisted_at",
    ),
    "rtcm.scheduling.curriculum.published.v1": (
        "curriculum_id",
        "cohort_id",
        "country_code",
        "curriculum_version",
        "training_count",
        "planned_minutes",
        "published_at",
    ),
    "rtcm.scheduling.trainer.confirmed.v1": (
        "trainer_id",
        "country_code",
        "kind_code",
        "confirmed_at",
    ),
    # Titles are in no entry of the timetable: thirty of them would not fit a webhook.
    "rtcm.scheduling.timetable.released.v1": (
        "timetable_id",
        "cohort_id",
        "country_code",
        "release_version",
        "sessions.session_id",
        "sessions.training_code",
        "sessions.part_code",
        "sessions.starts_at",
        "sessions.ends_at",
        "sessions.zone",
        "sessions.delivery",
        "released_at",
    ),
    "rtcm.scheduling.session.moved.v1": (
        *_SESSION,
        "titles",
        "zone",
        "previous_starts_at",
        "starts_at",
        "ends_at",
        "moved_at",
    ),
    "rtcm.scheduling.session.cancelled.v1": (*_SESSION, "titles", "starts_at", "cancelled_at"),
    "rtcm.scheduling.workplan.item_progressed.v1": (
        "workplan_id",
        "item_no",
        "country_code",
        "progress_percent",
        "cause_event_type",
        "progressed_at",
    ),
    "rtcm.certification.award_rule.published.v1": (
        "award_rule_id",
        "cohort_id",
        "country_code",
        "rule_version",
        "sha256",
        "published_at",
    ),
    "rtcm.certification.certificate.issued.v1": (
        *_CERTIFICATE,
        "award_id",
        "participant_id",
        "kind_code",
        "replaces_certificate_id",
        "issued_at",
    ),
    "rtcm.certification.certificate.superseded.v1": (
        *_CERTIFICATE,
        "successor_id",
        "superseded_at",
    ),
    "rtcm.certification.certificate.revoked.v1": (*_CERTIFICATE, "revoked_at"),
    "rtcm.certification.certificate.suspended.v1": (*_CERTIFICATE, "suspended_at"),
    "rtcm.certification.certificate.reinstated.v1": (*_CERTIFICATE, "reinstated_at"),
    "rtcm.certification.alumnus.joined.v1": (
        "alumnus_id",
        "subject_id",
        "cohort_id",
        "country_code",
        "joined_at",
    ),
    "rtcm.certification.volunteer.accepted.v1": (
        "volunteer_id",
        "subject_id",
        "cohort_id",
        "country_code",
        "accepted_at",
    ),
}
"""Event type -> the fields a partner sees; ``sessions.zone`` is ``zone`` of each session."""

IDS_ABOUT_PEOPLE = frozenset(
    {
        "subject_id",
        "application_id",
        "nomination_id",
        "replaces_nomination_id",
        "participant_id",
        "cause_id",
        "offer_id",
        "place_id",
        "trainer_id",
        "award_id",
        "certificate_id",
        "replaces_certificate_id",
        "successor_id",
        "alumnus_id",
        "volunteer_id",
    }
)
"""Fields whose ids stand for one person or something of one person: each partner gets its own."""

IDS_OF_THINGS = frozenset(
    {
        "programme_id",
        "cohort_id",
        "cohort_ids",
        "call_id",
        "ruleset_id",
        "run_id",
        "curriculum_id",
        "timetable_id",
        "session_id",
        "workplan_id",
        "award_rule_id",
    }
)
"""Fields whose ids are the same for everybody."""


def is_about_people(event_type: str) -> bool:
    """Whether a partner could learn of a single subject from a type."""
    return "subject_id" in PUBLIC_FIELDS[event_type]


def project(event_type: str, body: Mapping[str, Any], *, person_key: bytes) -> dict[str, Any]:
    """What a partner sees of an event.

    Args:
        body: the event as ``chassis.codec.encode`` wrote it.
        person_key: the partner's own key for the ids of people.

    Raises:
        KeyError: no partner may see this type.
    """
    return _allowed(body, PUBLIC_FIELDS[event_type], person_key)


def _allowed(
    members: Mapping[str, Any], names: tuple[str, ...], person_key: bytes
) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for name in names:
        outer, _, _ = name.partition(".")
        if outer in seen or members.get(outer) is None:
            continue
        value = members[outer]
        if outer != name:
            inner = tuple(n.partition(".")[2] for n in names if n.startswith(f"{outer}."))
            seen[outer] = [_allowed(each, inner, person_key) for each in value]
        elif outer in IDS_ABOUT_PEOPLE:
            seen[outer] = person_id(person_key, value)
        else:
            seen[outer] = value
    return seen
