"""What belongs to the signed-in person: applications, offers, timetable, certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, request

from chassis.access import Actor, Role
from chassis.errors import RtcmError
from services.console.api.pages import go, needs, page, refusal
from services.console.api.visit import visit
from services.console.backends.certification import Certification
from services.console.backends.registration import Registration
from services.console.backends.scheduling import Scheduling
from services.console.backends.selection import Selection

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Backends:
    """The services these pages are made from."""

    registration: Registration
    selection: Selection
    scheduling: Scheduling
    certification: Certification


_NO_ITEMS: list[dict[str, Any]] = []


class Gathering:
    """Answers of several services; one that is away leaves a gap, not an error."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def ask(self, service: str, work: Callable[[], T], otherwise: T) -> T:
        """What a service answers, or ``otherwise`` while it is away."""
        try:
            return work()
        except RtcmError as error:
            if error.status not in (403, 404) and error.status < 500:
                raise
            if error.status >= 500:
                self.missing.append(service)
            return otherwise


def me_pages(backends: Backends) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("me", __name__, url_prefix="/me")
    _standing(routes, backends)
    _answering(routes, backends)
    _learning(routes, backends)
    return routes


def _standing(routes: Blueprint, backends: Backends) -> None:
    @routes.get("")
    @needs(Role.PARTICIPANT)
    def applications() -> Any:
        return page(
            "me/applications.html",
            **_gathered(backends, visit().actor),
            done=request.args.get("done"),
        )

    @routes.get("/applications/<uuid:application_id>/withdraw")
    @needs(Role.PARTICIPANT)
    def ask_withdraw(application_id: object) -> Any:
        application = backends.registration.application(str(application_id), visit().actor)
        return page("me/withdraw.html", application=application, refused=None)

    @routes.post("/applications/<uuid:application_id>/withdraw")
    @needs(Role.PARTICIPANT)
    def withdraw(application_id: object) -> Any:
        actor, key, id_ = visit().actor, request.form["once"], str(application_id)
        refused = refusal(lambda: backends.registration.withdraw(id_, actor=actor, key=key))
        if refused is not None:
            application = backends.registration.application(id_, actor)
            return page("me/withdraw.html", 409, application=application, refused=refused)
        return go("me.applications", done="withdrawn")


def _answering(routes: Blueprint, backends: Backends) -> None:
    @routes.get("/offers/<uuid:offer_id>")
    @needs(Role.PARTICIPANT)
    def offer(offer_id: object) -> Any:
        return _offer_page(backends, str(offer_id), None)

    @routes.post("/offers/<uuid:offer_id>/accept")
    @needs(Role.PARTICIPANT)
    def accept(offer_id: object) -> Any:
        actor, key, id_ = visit().actor, request.form["once"], str(offer_id)
        refused = refusal(lambda: backends.selection.accept(id_, actor=actor, key=key))
        if refused is not None:
            return _offer_page(backends, id_, refused)
        return go("me.applications", done="offer_accepted")

    @routes.get("/offers/<uuid:offer_id>/decline")
    @needs(Role.PARTICIPANT)
    def ask_decline(offer_id: object) -> Any:
        actor = visit().actor
        found = backends.selection.offer(str(offer_id), actor)
        cohort = backends.registration.cohort(found["cohort_id"], actor)
        return page("me/decline.html", offer=found, cohort=cohort)

    @routes.post("/offers/<uuid:offer_id>/decline")
    @needs(Role.PARTICIPANT)
    def decline(offer_id: object) -> Any:
        actor, key, id_ = visit().actor, request.form["once"], str(offer_id)
        refused = refusal(lambda: backends.selection.decline(id_, actor=actor, key=key))
        if refused is not None:
            return _offer_page(backends, id_, refused)
        return go("me.applications", done="offer_declined")


def _learning(routes: Blueprint, backends: Backends) -> None:
    @routes.get("/timetable/<uuid:participant_id>")
    @needs(Role.PARTICIPANT)
    def timetable(participant_id: object) -> Any:
        actor = visit().actor
        place = _participation(backends, str(participant_id), actor)
        cohort = backends.registration.cohort(place["cohort_id"], actor)
        sessions = backends.scheduling.sessions_for_members(place["cohort_id"])
        return page("me/timetable.html", place=place, cohort=cohort, sessions=sessions)

    @routes.get("/timetable/<uuid:participant_id>.ics")
    @needs(Role.PARTICIPANT)
    def calendar(participant_id: object) -> Any:
        id_, under_way = str(participant_id), visit()
        content = backends.scheduling.calendar(id_, under_way.language_code, under_way.actor)
        answer = Response(content, mimetype="text/calendar")
        answer.headers["Content-Disposition"] = 'attachment; filename="timetable.ics"'
        return answer


def _gathered(backends: Backends, actor: Actor) -> dict[str, Any]:
    gathering = Gathering()
    registration, selection = backends.registration, backends.selection
    applications = registration.own_applications(actor)
    offers = gathering.ask("selection", lambda: selection.own_offers(actor), _NO_ITEMS)
    waiting = gathering.ask("selection", lambda: selection.own_places(actor), _NO_ITEMS)
    places = registration.participations(actor)
    certificates = gathering.ask(
        "certification", lambda: backends.certification.own_certificates(actor), _NO_ITEMS
    )
    calls = {each["call_id"]: registration.call(each["call_id"], actor) for each in applications}
    cohort_ids = {each["cohort_id"] for each in (*offers, *places, *waiting, *certificates)}
    return {
        "applications": applications,
        "offers": offers,
        "waiting": [each for each in waiting if each["ended_code"] is None],
        "places": places,
        "certificates": certificates,
        "calls": calls,
        "cohorts": {id_: registration.cohort(id_, actor) for id_ in sorted(cohort_ids)},
        "missing": sorted(set(gathering.missing)),
    }


def _participation(backends: Backends, participant_id: str, actor: Actor) -> dict[str, Any]:
    for place in backends.registration.participations(actor):
        if place["id"] == participant_id:
            return place
    return abort(404)


def _offer_page(backends: Backends, offer_id: str, refused: RtcmError | None) -> Any:
    actor = visit().actor
    found = backends.selection.offer(offer_id, actor)
    cohort = backends.registration.cohort(found["cohort_id"], actor)
    status = 200 if refused is None else 409
    return page("me/offer.html", status, offer=found, cohort=cohort, refused=refused)
