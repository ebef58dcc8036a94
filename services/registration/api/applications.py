"""Applications over HTTP: written by the person, read blind by reviewers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import EVERYTHING, Role
from chassis.aggregate import Handle
from chassis.codec import unstructure
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import page_of
from services.registration.api.reads import (
    READERS,
    Reads,
    listed,
    made,
    one,
    one_answer,
    own_subject_id,
    shown,
    texts_of,
)
from services.registration.api.schemas.applications import (
    ApplicationAnswer,
    BlindAnswer,
    FilledForm,
    NewApplication,
)
from services.registration.api.schemas.shapes import Made, OfCall
from services.registration.domain.commands.applications import (
    AmendApplication,
    SaveDraft,
    StartApplication,
    SubmitApplication,
    WithdrawApplication,
)
from services.registration.domain.form.coding import without_personal
from services.registration.domain.ports import Applications, Calls, Vault
from services.registration.handlers.applications import opened_answers

_APPLICANT = (Role.PARTICIPANT,)
_WINDOW = ("call.not_yet_open", "call.closed", "call.other_route", "call.preferences")


def applications_blueprint(
    handle: Handle, reads: Reads, *, applications: Applications, calls: Calls, vault: Vault
) -> Blueprint:
    """Build the routes; ``handle`` runs one command, ``vault`` opens answers for their writer."""
    routes = Blueprint("applications", __name__, url_prefix="/applications")

    @routes.post("")
    @operation(
        summary="Start a draft",
        roles=_APPLICANT,
        body=NewApplication,
        answer=Made,
        status=201,
        errors=(
            *_WINDOW,
            "call.not_found",
            "subject.not_found",
            "application.already_exists",
            "answers.unreadable",
        ),
    )
    def start(call: ApiCall) -> Answer:
        application_id = handle(
            StartApplication(
                actor=call.actor,
                call_id=str(call.body["call_id"]),
                subject_id=own_subject_id(call),
                preferences=texts_of(call.body["preferences"]),
                answers=call.body["answers"],
            )
        )
        return made("applications", application_id)

    @routes.get("")
    @operation(
        summary="Applications; a person sees their own",
        roles=(*READERS, *_APPLICANT),
        query=OfCall,
        answer=page_of(ApplicationAnswer),
    )
    def list_all(call: ApiCall) -> Any:
        return listed(reads, "application", call, "subject_id", "submitted_at")

    @routes.get("/<uuid:application_id>")
    @operation(
        summary="One application, all answers open to who wrote them",
        roles=(*READERS, *_APPLICANT),
        answer=ApplicationAnswer,
        errors=("application.not_found",),
    )
    def show(call: ApiCall, application_id: str) -> Answer:
        scope = call.actor.scope
        row = one(reads, "application", application_id, scope=scope)
        if call.actor.has(*_APPLICANT) and scope.subject_id is not None:
            row["answers"] = opened_answers(applications.get(application_id, scope=scope), vault)
        return one_answer(shown(row, "subject_id", "submitted_at"))

    @routes.get("/<uuid:application_id>/blind")
    @operation(
        summary="What a reviewer reads: nothing that says who it is",
        roles=(Role.REVIEWER, Role.OPERATOR, Role.SERVICE),
        answer=BlindAnswer,
        errors=("application.not_found", "subject.erased"),
    )
    def show_blind(call: ApiCall, application_id: str) -> dict[str, Any]:
        application = applications.get(application_id, scope=call.actor.scope)
        form = calls.get(application.call_id, scope=EVERYTHING).form
        return {
            "id": application_id,
            "call_id": application.call_id,
            "cohort_id": application.cohort_id,
            "preferences": application.preferences,
            "answers": without_personal(form, opened_answers(application, vault)),
            "form": unstructure(form),
            "status": application.status,
        }

    _writing(routes, handle)
    return routes


def _writing(routes: Blueprint, handle: Handle) -> None:
    @routes.put("/<uuid:application_id>/draft")
    @operation(
        summary="Save the draft, complete or not",
        roles=_APPLICANT,
        body=FilledForm,
        errors=(
            *_WINDOW,
            "application.not_found",
            "application.not_draft",
            "answers.unreadable",
        ),
        versioned=True,
    )
    def save(call: ApiCall, application_id: str) -> None:
        handle(
            SaveDraft(
                actor=call.actor,
                expected_version=call.expected_version,
                application_id=application_id,
                preferences=texts_of(call.body["preferences"]),
                answers=call.body["answers"],
            )
        )

    @routes.post("/<uuid:application_id>/submission")
    @operation(
        summary="Send the draft",
        roles=_APPLICANT,
        status=202,
        errors=(
            *_WINDOW,
            "application.not_found",
            "application.not_draft",
            "answers.incomplete",
        ),
        versioned=True,
    )
    def submit(call: ApiCall, application_id: str) -> None:
        handle(
            SubmitApplication(
                actor=call.actor,
                expected_version=call.expected_version,
                application_id=application_id,
            )
        )

    @routes.post("/<uuid:application_id>/amendment")
    @operation(
        summary="Replace what was sent",
        roles=_APPLICANT,
        body=FilledForm,
        status=202,
        errors=(
            *_WINDOW,
            "application.not_found",
            "application.not_submitted",
            "answers.incomplete",
        ),
        versioned=True,
    )
    def amend(call: ApiCall, application_id: str) -> None:
        handle(
            AmendApplication(
                actor=call.actor,
                expected_version=call.expected_version,
                application_id=application_id,
                preferences=texts_of(call.body["preferences"]),
                answers=call.body["answers"],
            )
        )

    @routes.post("/<uuid:application_id>/withdrawal")
    @operation(
        summary="Take the application back",
        roles=_APPLICANT,
        status=202,
        errors=("application.not_found", "application.not_submitted"),
        versioned=True,
    )
    def withdraw(call: ApiCall, application_id: str) -> None:
        handle(
            WithdrawApplication(
                actor=call.actor,
                expected_version=call.expected_version,
                application_id=application_id,
            )
        )
