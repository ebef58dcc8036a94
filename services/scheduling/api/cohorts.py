"""Routes of cohorts as scheduling sees them: meeting terms, roster, calendars."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields, validate

from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.scheduling.api.reads import Reads, listed, shown
from services.scheduling.api.roles import ATTENDEES, PLANNERS, READERS
from services.scheduling.api.shapes import Day, Language, Marked, Whole
from services.scheduling.domain.cohort import MeetingTerms
from services.scheduling.domain.commands import SetMeetingTerms

_CALENDAR = "text/calendar"


class TermsShape(Schema):
    """Body of ``PUT /cohorts/{cohort_id}/terms``; minutes count from local midnight."""

    weekdays = fields.List(Whole(1, 7), required=True, validate=validate.Length(1, 7))
    preferred_weekdays = fields.List(
        Whole(1, 7), load_default=list, validate=validate.Length(max=7)
    )
    start_minutes = fields.List(Whole(0, 1439), required=True, validate=validate.Length(1, 96))
    earliest_minute = Whole(0, 1440, required=True)
    latest_minute = Whole(0, 1440, required=True)
    sessions_per_day = Whole(1, 20, required=True)
    closed_on = fields.List(Day(), load_default=list, validate=validate.Length(max=400))


class TermsShown(Schema):
    """As stored."""

    weekdays = fields.List(fields.Integer(), required=True)
    preferred_weekdays = fields.List(fields.Integer(), required=True)
    start_minutes = fields.List(fields.Integer(), required=True)
    earliest_minute = fields.Integer(required=True)
    latest_minute = fields.Integer(required=True)
    sessions_per_day = fields.Integer(required=True)
    closed_on = fields.List(fields.String(), required=True)


class CohortShown(Marked):
    """A cohort."""

    country_codes = fields.List(fields.String(), required=True)
    titles = fields.Dict(required=True)
    starts_on = fields.String(required=True)
    ends_on = fields.String(required=True)
    zone = fields.String(required=True)
    delivery = fields.String(required=True)
    language_code = fields.String(required=True)
    seat_count = fields.Integer(required=True)
    completed = fields.Boolean(required=True)
    terms = fields.Nested(TermsShown, required=True)


class MemberShown(Marked):
    """One line of a roster."""

    cohort_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True, allow_none=True, dump_default=None)
    enrolled_at = fields.DateTime(format="iso", required=True)
    left_at = fields.DateTime(format="iso", required=True, allow_none=True, dump_default=None)


class CalendarQuery(Schema):
    """Language of the titles."""

    language = Language(load_default="az")


def cohorts_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("cohorts", __name__)

    @routes.get("/cohorts")
    @operation(summary="Cohorts", roles=READERS, query=PageQuery, answer=page_of(CohortShown))
    def list_all(call: ApiCall) -> dict[str, Any]:
        return listed(reads.cohorts, call)

    @routes.get("/cohorts/<uuid:cohort_id>")
    @operation(summary="A cohort", roles=READERS, answer=CohortShown, errors=("cohort.not_found",))
    def show(call: ApiCall, cohort_id: str) -> Answer:
        return shown(reads.cohorts, cohort_id, call)

    @routes.put("/cohorts/<uuid:cohort_id>/terms")
    @operation(
        summary="Say when a cohort can meet",
        roles=PLANNERS,
        body=TermsShape,
        status=204,
        errors=("cohort.not_found", "terms.no_hours", "terms.not_allowed"),
        versioned=True,
    )
    def set_terms(call: ApiCall, cohort_id: str) -> None:
        body: dict[str, Any] = {
            name: tuple(sorted(set(value))) if isinstance(value, list) else value
            for name, value in call.body.items()
        }
        handle(
            SetMeetingTerms(
                actor=call.actor,
                expected_version=call.expected_version,
                cohort_id=cohort_id,
                terms=MeetingTerms(**body),
            )
        )

    @routes.get("/cohorts/<uuid:cohort_id>/members")
    @operation(
        summary="The roster of a cohort",
        roles=READERS,
        query=PageQuery,
        answer=page_of(MemberShown),
    )
    def members(call: ApiCall, cohort_id: str) -> dict[str, Any]:
        return listed(reads.members, call, cohort_id=cohort_id)

    @routes.get("/cohorts/<uuid:cohort_id>/calendar.ics")
    @operation(
        summary="All sessions of a cohort as iCalendar",
        roles=READERS,
        query=CalendarQuery,
        errors=("cohort.not_found",),
        media_type=_CALENDAR,
    )
    def cohort_calendar(call: ApiCall, cohort_id: str) -> Answer:
        return _calendar(
            reads.calendars.of_cohort(
                cohort_id, scope=call.actor.scope, language_code=call.query["language"]
            )
        )

    @routes.get("/participants/<uuid:participant_id>/calendar.ics")
    @operation(
        summary="One participant's sessions as iCalendar",
        roles=ATTENDEES,
        query=CalendarQuery,
        errors=("member.not_found",),
        media_type=_CALENDAR,
    )
    def participant_calendar(call: ApiCall, participant_id: str) -> Answer:
        return _calendar(
            reads.calendars.of_participant(
                participant_id, scope=call.actor.scope, language_code=call.query["language"]
            )
        )

    return routes


def _calendar(feed: bytes) -> Answer:
    """A feed with a tag of its bytes: who has it already is told so, and nothing is sent."""
    return Answer(content=feed, headers={"ETag": f'"{sha256(feed).hexdigest()[:32]}"'})
