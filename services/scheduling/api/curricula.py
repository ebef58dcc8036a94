"""Routes of curricula."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from marshmallow import Schema, fields, validate

from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import PageQuery, page_of
from services.scheduling.api.reads import Reads, listed, shown
from services.scheduling.api.roles import PLANNERS, READERS
from services.scheduling.api.shapes import Code, Marked, Numbered, Texts, Whole
from services.scheduling.domain.commands import PublishCurriculum, ReviseCurriculum
from services.scheduling.domain.curriculum import Part, Training
from services.scheduling.domain.delivery import Delivery
from services.scheduling.handlers.identities import curriculum_id_of

_RULES = (
    "cohort.not_found",
    "curriculum.bad_length",
    "curriculum.bad_order",
    "curriculum.code_twice",
    "curriculum.empty_part",
    "curriculum.unknown_part",
)


class PartShape(Schema):
    """One part; parts are taught in the order of the list."""

    part_code = Code(required=True)
    titles = Texts(required=True)


class TrainingShape(Schema):
    """One training."""

    training_code = Code(required=True)
    part_code = Code(required=True)
    titles = Texts(required=True)
    minutes = Whole(1, 720, required=True)
    trainer_kind_code = Code(required=True)
    delivery = fields.Enum(Delivery, by_value=True, required=True)
    room_kind_code = Code(load_default=None, allow_none=True)
    after_codes = fields.List(Code(), load_default=list, validate=validate.Length(max=50))


class CurriculumShape(Schema):
    """Body of ``PUT /cohorts/{cohort_id}/curriculum``."""

    parts = fields.List(
        fields.Nested(PartShape), required=True, validate=validate.Length(min=1, max=50)
    )
    trainings = fields.List(
        fields.Nested(TrainingShape), required=True, validate=validate.Length(min=1, max=500)
    )


class TrainingShown(Schema):
    """As stored."""

    training_code = fields.String(required=True)
    part_code = fields.String(required=True)
    titles = fields.Dict(required=True)
    minutes = fields.Integer(required=True)
    trainer_kind_code = fields.String(required=True)
    delivery = fields.String(required=True)
    room_kind_code = fields.String(required=True, allow_none=True, dump_default=None)
    after_codes = fields.List(fields.String(), required=True)


class CurriculumVersionShown(Schema):
    """A published state."""

    curriculum_version = fields.Integer(required=True)
    parts = fields.List(fields.Dict(), required=True)
    trainings = fields.List(fields.Nested(TrainingShown), required=True)
    published_at = fields.DateTime(format="iso", required=True)


class CurriculumShown(Marked):
    """A curriculum: the draft and what was published."""

    cohort_id = fields.UUID(required=True)
    parts = fields.List(fields.Dict(), required=True)
    trainings = fields.List(fields.Nested(TrainingShown), required=True)
    versions = fields.List(fields.Nested(CurriculumVersionShown), required=True)


class CurriculaQuery(PageQuery):
    """Filters."""

    cohort_id = fields.UUID(load_default=None)


def curricula_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("curricula", __name__)

    @routes.put("/cohorts/<uuid:cohort_id>/curriculum")
    @operation(
        summary="Write the draft of a cohort's curriculum",
        roles=PLANNERS,
        body=CurriculumShape,
        status=204,
        errors=_RULES,
        versioned=True,
    )
    def revise(call: ApiCall, cohort_id: str) -> None:
        handle(
            ReviseCurriculum(
                actor=call.actor,
                expected_version=call.expected_version,
                curriculum_id=curriculum_id_of(cohort_id),
                cohort_id=cohort_id,
                parts=tuple(Part(**part) for part in call.body["parts"]),
                trainings=tuple(
                    Training(**{**training, "after_codes": tuple(training["after_codes"])})
                    for training in call.body["trainings"]
                ),
            )
        )

    @routes.post("/cohorts/<uuid:cohort_id>/curriculum/versions")
    @operation(
        summary="Publish the draft as the next version",
        roles=PLANNERS,
        answer=Numbered,
        status=201,
        errors=("curriculum.not_found", "curriculum.empty", "curriculum.unchanged"),
        versioned=True,
    )
    def publish(call: ApiCall, cohort_id: str) -> dict[str, int]:
        number = handle(
            PublishCurriculum(
                actor=call.actor,
                expected_version=call.expected_version,
                curriculum_id=curriculum_id_of(cohort_id),
            )
        )
        return {"number": number}

    @routes.get("/cohorts/<uuid:cohort_id>/curriculum")
    @operation(
        summary="The draft and all published versions",
        roles=READERS,
        answer=CurriculumShown,
        errors=("curriculum.not_found",),
    )
    def show(call: ApiCall, cohort_id: str) -> Answer:
        return shown(reads.curricula, curriculum_id_of(cohort_id), call)

    @routes.get("/curricula")
    @operation(
        summary="Curricula",
        roles=READERS,
        query=CurriculaQuery,
        answer=page_of(CurriculumShown),
    )
    def list_all(call: ApiCall) -> dict[str, Any]:
        cohort_id = call.query["cohort_id"]
        return listed(reads.curricula, call, cohort_id=str(cohort_id) if cohort_id else None)

    return routes
