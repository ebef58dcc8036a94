"""A focal point's pages: who was named for which place, naming, confirming, replacing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from chassis.access import Actor, Role
from chassis.errors import RtcmError
from services.console.api.pages import go, needs, page, refusal
from services.console.api.texts import LANGUAGES
from services.console.api.visit import visit
from services.console.backends.registration import Item, Registration
from services.console.domain.person import TypedPerson, typed_person

_FOCAL_POINT = Role.FOCAL_POINT
_LANGUAGES = (*LANGUAGES, "ru")


def nominations_pages(registration: Registration) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("nominations", __name__, url_prefix="/nominations")

    @routes.get("")
    @needs(_FOCAL_POINT)
    def mine() -> Any:
        actor = visit().actor
        invitations = [
            _invitation(registration, found, actor) for found in registration.focal_points(actor)
        ]
        done = request.args.get("done")
        return page("nominations/list.html", invitations=invitations, done=done)

    @routes.get("/<uuid:focal_point_id>/new")
    @needs(_FOCAL_POINT)
    def ask(focal_point_id: object) -> Any:
        return _naming_page(registration, str(focal_point_id), _typed(MultiDict()))

    @routes.post("/<uuid:focal_point_id>/new")
    @needs(_FOCAL_POINT)
    def nominate(focal_point_id: object) -> Any:
        id_, typed = str(focal_point_id), _typed(request.form)
        if typed.problems:
            return _naming_page(registration, id_, typed, show_problems=True)
        actor, key = visit().actor, request.form["once"]
        refused = refusal(lambda: registration.nominate(id_, typed.as_body(), actor=actor, key=key))
        if refused is not None:
            return _naming_page(registration, id_, typed, refused=refused)
        return go("nominations.mine", done="nominated")

    @routes.post("/<uuid:nomination_id>/confirm")
    @needs(_FOCAL_POINT)
    def confirm(nomination_id: object) -> Any:
        actor, key = visit().actor, request.form["once"]
        refused = refusal(
            lambda: registration.confirm_nomination(str(nomination_id), actor=actor, key=key)
        )
        if refused is not None:
            raise refused
        return go("nominations.mine", done="nomination_confirmed")

    @routes.get("/<uuid:nomination_id>/replace")
    @needs(_FOCAL_POINT)
    def ask_replacement(nomination_id: object) -> Any:
        return _replacing_page(registration, str(nomination_id), _typed(MultiDict()))

    @routes.post("/<uuid:nomination_id>/replace")
    @needs(_FOCAL_POINT)
    def replace(nomination_id: object) -> Any:
        id_, typed = str(nomination_id), _typed(request.form)
        if typed.problems:
            return _replacing_page(registration, id_, typed, show_problems=True)
        actor, key = visit().actor, request.form["once"]
        refused = refusal(
            lambda: registration.replace_nominee(id_, typed.as_body(), actor=actor, key=key)
        )
        if refused is not None:
            return _replacing_page(registration, id_, typed, refused=refused)
        return go("nominations.mine", done="nominee_replaced")

    return routes


def _invitation(registration: Registration, focal_point: Item, actor: Actor) -> Item:
    named = registration.nominations(focal_point["id"], actor)
    return {
        **focal_point,
        "call": registration.call(focal_point["call_id"], actor),
        "cohort": registration.cohort(focal_point["cohort_id"], actor),
        "nominations": [registration.nomination(each["id"], actor) for each in named],
        "free_count": max(
            0, focal_point["place_count"] - len({each["place_no"] for each in named})
        ),
    }


def _typed(fields: MultiDict[str, str]) -> TypedPerson:
    return typed_person(
        fields,
        language_codes=_LANGUAGES,
        asks_country=False,
        asks_consent=False,
    )


def _naming_page(
    registration: Registration,
    focal_point_id: str,
    typed: TypedPerson,
    *,
    show_problems: bool = False,
    refused: RtcmError | None = None,
) -> Any:
    actor = visit().actor
    focal_point = registration.focal_point(focal_point_id, actor)
    return page(
        "nominations/person.html",
        422 if show_problems or refused else 200,
        focal_point=focal_point,
        cohort=registration.cohort(focal_point["cohort_id"], actor),
        replaced=None,
        person=typed,
        problems=typed.problems if show_problems else {},
        refused=refused,
        person_languages=_LANGUAGES,
    )


def _replacing_page(
    registration: Registration,
    nomination_id: str,
    typed: TypedPerson,
    *,
    show_problems: bool = False,
    refused: RtcmError | None = None,
) -> Any:
    actor = visit().actor
    replaced = registration.nomination(nomination_id, actor)
    return page(
        "nominations/person.html",
        422 if show_problems or refused else 200,
        focal_point=registration.focal_point(replaced["focal_point_id"], actor),
        cohort=registration.cohort(replaced["cohort_id"], actor),
        replaced=replaced,
        person=typed,
        problems=typed.problems if show_problems else {},
        refused=refused,
        person_languages=_LANGUAGES,
    )
