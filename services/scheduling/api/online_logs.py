"""The route that takes the log of an online meeting."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, ValidationError, fields, validate

from chassis.aggregate import Handle
from chassis.http.operation import ApiCall, operation
from services.scheduling.api.reads import Reads
from services.scheduling.api.roles import TEACHERS
from services.scheduling.api.sessions import REGISTER_ERRORS
from services.scheduling.api.shapes import Instant
from services.scheduling.domain.commands import NoteOnlineLog
from services.scheduling.domain.online_log import LogConflict, LogLine, LogRead, read_presence

_MOST_LINES = 5_000
_MOST_PEOPLE = 2_000
_BODY_LIMIT_BYTES = 1_048_576


class _Name(fields.String):
    """A name as it was typed: no control characters, not blank."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            validate=validate.Regexp(r"^(?=.*\S)[^\x00-\x1f\x7f\ud800-\udfff]{1,200}\Z"), **more
        )


class LogLineShape(Schema):
    """One line: a name was there; ``left_at`` is null where the log tells no end."""

    name = _Name(required=True)
    joined_at = Instant(required=True)
    left_at = Instant(load_default=None, allow_none=True)


class NamesShape(Schema):
    """The names that one participant may appear under."""

    participant_id = fields.UUID(required=True)
    names = fields.List(_Name(), required=True, validate=validate.Length(1, 20))


def _each_once(participants: list[dict[str, Any]]) -> None:
    """Two entries of one participant would hide names of one of them."""
    if len({each["participant_id"] for each in participants}) < len(participants):
        raise ValidationError("a participant is there twice")


class OnlineLogShape(Schema):
    """Body of ``POST /sessions/{session_id}/online-log``."""

    lines = fields.List(
        fields.Nested(LogLineShape), required=True, validate=validate.Length(1, _MOST_LINES)
    )
    participants = fields.List(
        fields.Nested(NamesShape),
        required=True,
        validate=[validate.Length(1, _MOST_PEOPLE), _each_once],
        metadata={"description": "who may have been there, and under which names; none is kept"},
    )


class LogMinutesShown(Schema):
    """What the log gives one participant."""

    participant_id = fields.UUID(required=True)
    minutes_present = fields.Integer(
        required=True, metadata={"description": "within the session's time, by this log alone"}
    )


class LogConflictShown(Schema):
    """Lines of one name that a person has to decide on."""

    doubt = fields.String(required=True)
    name = fields.String(required=True)
    lines = fields.List(fields.Integer(), required=True)
    sentence = fields.Dict(required=True)


class OnlineLogShown(Schema):
    """What the log says; lines are counted from 1."""

    participants = fields.List(fields.Nested(LogMinutesShown), required=True)
    repeated = fields.List(fields.Integer(), required=True)
    conflicts = fields.List(fields.Nested(LogConflictShown), required=True)


def online_logs_blueprint(handle: Handle, _reads: Reads) -> Blueprint:
    """Build the route."""
    routes = Blueprint("online_logs", __name__, url_prefix="/sessions")

    # The answer holds names, and those are kept nowhere, so not for a repeat either: the same log
    # twice gives the same evidence, which counts once.
    @routes.post("/<uuid:session_id>/online-log")
    @operation(
        summary="Add what the log of an online meeting says about who was there",
        roles=TEACHERS,
        body=OnlineLogShape,
        answer=OnlineLogShown,
        errors=(*REGISTER_ERRORS, "attendance.other_time"),
        transactional=False,
        body_limit_bytes=_BODY_LIMIT_BYTES,
    )
    def note(call: ApiCall, session_id: str) -> dict[str, Any]:
        read = read_presence(
            (LogLine(number=number, **each) for number, each in enumerate(call.body["lines"], 1)),
            {str(each["participant_id"]): each["names"] for each in call.body["participants"]},
        )
        minutes = handle(
            NoteOnlineLog(actor=call.actor, session_id=session_id, evidence=read.evidence)
        )
        return _shown(read, minutes)

    return routes


def _shown(read: LogRead, minutes: dict[str, int]) -> dict[str, Any]:
    return {
        "participants": [
            {"participant_id": participant_id, "minutes_present": count}
            for participant_id, count in minutes.items()
        ],
        "repeated": list(read.repeated),
        "conflicts": [_conflict(each) for each in read.conflicts],
    }


def _conflict(conflict: LogConflict) -> dict[str, Any]:
    return {
        "doubt": conflict.doubt.value,
        "name": conflict.name,
        "lines": list(conflict.lines),
        "sentence": conflict.sentence,
    }
