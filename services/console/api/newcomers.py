"""People who have not been here before: who they are, then a link by mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from services.console.api import dates
from services.console.api.pages import go, page
from services.console.api.texts import LANGUAGES
from services.console.api.visit import Cookies, keep_way_back, visit
from services.console.backends.registration import Registration
from services.console.domain.person import TypedPerson, typed_person
from services.console.handlers.signing_in import SigningIn

CONSENT = "selection"
"""What an applicant agrees to: that the centre uses what they write to select participants."""


def newcomers_pages(
    registration: Registration, signing_in: SigningIn, cookies: Cookies
) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("newcomers", __name__, url_prefix="/new")

    @routes.get("")
    def ask() -> Any:
        answer = _form(_typed(MultiDict()), show_problems=False)
        keep_way_back(answer, cookies)
        return answer

    @routes.post("")
    def take_in() -> Any:
        typed = _typed(request.form)
        if typed.problems:
            return _form(typed, show_problems=True)
        signing_in.admit_link_request(mail=typed.email, address=request.remote_addr or "")
        registration.register_person(
            {
                **typed.as_body(),
                "country_code": typed.country_code,
                "consent_codes": [CONSENT],
            },
            key=request.form["once"],
        )
        registration.request_link(typed.email)
        return go("signin.sent")

    return routes


def _typed(fields: MultiDict[str, str]) -> TypedPerson:
    return typed_person(
        fields,
        language_codes=LANGUAGES,
        asks_country=True,
        asks_consent=True,
    )


def _form(typed: TypedPerson, *, show_problems: bool) -> Any:
    return page(
        "signin/new.html",
        422 if show_problems else 200,
        person=typed,
        problems=typed.problems if show_problems else {},
        countries=dates.countries(visit().language_code),
    )
