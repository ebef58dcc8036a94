"""What goes into and comes out of the routes of timetables."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from chassis.http.paging import PageQuery
from services.scheduling.api.shapes import Code, Instant, Marked, Whole

_MOST_WORK = 600.0


class NewTimetable(Schema):
    """Body of ``POST /timetables``."""

    cohort_id = fields.UUID(required=True)
    curriculum_version = Whole(1, 100_000, load_default=None, allow_none=True)


class PinShape(Schema):
    """Body of a pin."""

    starts_at = Instant(required=True)
    trainer_id = fields.UUID(load_default=None, allow_none=True)
    room_code = Code(load_default=None, allow_none=True)


class SolvingShape(Schema):
    """Body of a solving: same state, seed and work, same plan."""

    seed = Whole(0, 2**31 - 1, load_default=0)
    work = fields.Float(
        load_default=20.0,
        validate=validate.Range(0.1, _MOST_WORK),
        metadata={"description": "most search work; one unit is near a second of one core"},
    )


class SessionReason(Schema):
    """A session and why it changes."""

    session_id = fields.UUID(required=True)
    reason_code = Code(required=True)


class Cancellation(SessionReason):
    """Body of a cancellation."""


class Move(SessionReason):
    """Body of a move; trainer and room stay unless named."""

    starts_at = Instant(required=True)
    trainer_id = fields.UUID(load_default=None, allow_none=True)
    room_code = Code(load_default=None, allow_none=True)


class RepairShape(SolvingShape, SessionReason):
    """Body of a repair: to a given start, or anywhere but where it is."""

    starts_at = Instant(load_default=None, allow_none=True)


class TimetablesQuery(PageQuery):
    """Filters."""

    cohort_id = fields.UUID(load_default=None)


class PlannedSessionShown(Schema):
    """One training to place."""

    session_id = fields.UUID(required=True)
    training_code = fields.String(required=True)
    part_code = fields.String(required=True)
    titles = fields.Dict(required=True)
    minutes = fields.Integer(required=True)
    delivery = fields.String(required=True)
    trainer_kind_code = fields.String(required=True)
    cancelled = fields.Boolean(required=True)


class PinShown(Schema):
    """A pin."""

    session_id = fields.UUID(required=True)
    starts_at = fields.DateTime(format="iso", required=True)
    trainer_id = fields.UUID(required=True, allow_none=True, dump_default=None)
    room_code = fields.String(required=True, allow_none=True, dump_default=None)


class PlaceShown(PinShown):
    """A session in time and space."""

    ends_at = fields.DateTime(format="iso", required=True)


class SolutionShown(Schema):
    """What the engine said of its proposal."""

    problem_sha256 = fields.String(required=True)
    seed = fields.Integer(required=True)
    cost = fields.Integer(required=True)
    bound = fields.Integer(required=True)


class ChangeShown(Schema):
    """One line of the change log."""

    kind = fields.String(required=True)
    release_version = fields.Integer(required=True)
    actor_id = fields.String(required=True)
    changed_at = fields.DateTime(format="iso", required=True)
    session_id = fields.UUID(required=True, allow_none=True, dump_default=None)
    previous_starts_at = fields.DateTime(
        format="iso", required=True, allow_none=True, dump_default=None
    )
    starts_at = fields.DateTime(format="iso", required=True, allow_none=True, dump_default=None)
    reason_code = fields.String(required=True, allow_none=True, dump_default=None)


class TimetableShown(Marked):
    """A timetable."""

    cohort_id = fields.UUID(required=True)
    curriculum_version = fields.Integer(required=True)
    status = fields.String(required=True)
    release_version = fields.Integer(required=True)
    solving_number = fields.Integer(required=True)
    sessions = fields.List(fields.Nested(PlannedSessionShown), required=True)
    pins = fields.List(fields.Nested(PinShown), required=True)
    proposal = fields.List(fields.Nested(PlaceShown), required=True)
    solution = fields.Nested(SolutionShown, required=True, allow_none=True, dump_default=None)
    obstacles = fields.List(fields.Dict(), required=True)
    placed = fields.List(fields.Nested(PlaceShown), required=True)
    changes = fields.List(fields.Nested(ChangeShown), required=True)


class ViolationShown(Schema):
    """One broken rule."""

    rule = fields.String(required=True)
    session_ids = fields.List(fields.UUID(), required=True)
    sentence = fields.Dict(required=True)


class ViolationsShown(Schema):
    """All broken rules."""

    items = fields.List(fields.Nested(ViolationShown), required=True)


class JobShown(Schema):
    """How far a durable job is."""

    status = fields.String(required=True)
    attempts = fields.Integer(required=True)
    cost = fields.Integer(required=True, allow_none=True, dump_default=None)
    bound = fields.Integer(required=True, allow_none=True, dump_default=None)
    percent = fields.Integer(required=True, allow_none=True, dump_default=None)
    moves = fields.Integer(required=True, allow_none=True, dump_default=None)  # of a repair
    last_error = fields.String(required=True, allow_none=True, dump_default=None)
