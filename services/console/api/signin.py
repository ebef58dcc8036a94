"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from chassis.access import Role
from chassis.errors import RtcmError
from services.console.api.pages import go, page
from services.console.api.texts import LANGUAGES
from services.console.api.visit import (
    BACK,
    Cookies,
    keep_way_back,
    local_path,
    remember_language,
    visit,
)
from services.console.handlers.signing_in import SigningIn

RequestLink = Callable[[str], None]
"""Has a link mailed to an address, if anybody is known by it."""


def signin_pages(signing_in: SigningIn, request_link: RequestLink, cookies: Cookies) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("signin", __name__)
    _by_link(routes, signing_in, request_link, cookies)
    _by_password(routes, signing_in, cookies)
    _leaving(routes, signing_in, cookies)
    return routes


def _by_link(
    routes: Blueprint, signing_in: SigningIn, request_link: RequestLink, cookies: Cookies
) -> None:
    @routes.get("/signin")
    def ask() -> Any:
        answer = page("signin/ask.html", mail="", error=None)
        keep_way_back(answer, cookies)
        return answer

    @routes.post("/signin")
    def send_link() -> Any:
        mail = request.form.get("mail", "").strip()
        if not _is_mail(mail):
            return page("signin/ask.html", 422, mail=mail, error="signin.mail.wrong")
        signing_in.admit_link_request(mail=mail, address=request.remote_addr or "")
        request_link(mail)
        return go("signin.sent")

    @routes.get("/signin/sent")
    def sent() -> Any:
        return page("signin/sent.html")

    @routes.get("/signin/link")
    def link() -> Any:
        """Show a button: a mail scanner that follows the link must not use it up."""
        return page("signin/link.html", token=request.args.get("token", ""), kind="link")

    @routes.post("/signin/link")
    def use_link() -> Any:
        secret = signing_in.by_link(request.form.get("token", ""))
        return _signed_in(cookies, secret, url_for("me.applications"))

    @routes.get("/nominations/link")
    def focal_point_link() -> Any:
        return page("signin/link.html", token=request.args.get("token", ""), kind="focal")

    @routes.post("/nominations/link")
    def use_focal_point_link() -> Any:
        secret = signing_in.by_focal_point_link(request.form.get("token", ""))
        return _signed_in(cookies, secret, url_for("nominations.mine"))


def _by_password(routes: Blueprint, signing_in: SigningIn, cookies: Cookies) -> None:
    @routes.get("/signin/staff")
    def staff() -> Any:
        answer = page("signin/staff.html", name="", error=None)
        keep_way_back(answer, cookies)
        return answer

    @routes.post("/signin/staff")
    def sign_staff_in() -> Any:
        name = request.form.get("name", "")
        try:
            secret = signing_in.by_password(
                name=name,
                password=request.form.get("password", ""),
                address=request.remote_addr or "",
            )
        except RtcmError as error:
            if error.status not in (401, 429):
                raise
            return page("signin/staff.html", error.status, name=name, error=error)
        return _signed_in(cookies, secret, url_for("home.start"))


def _leaving(routes: Blueprint, signing_in: SigningIn, cookies: Cookies) -> None:
    @routes.post("/signout")
    def sign_out() -> Any:
        under_way = visit()
        if under_way.session is not None and under_way.secret is not None:
            signing_in.end(under_way.secret)
        answer = go("home.start", done="signed_out")
        cookies.drop(answer, "session")
        return answer

    @routes.post("/language")
    def choose_language() -> Any:
        answer = redirect(local_path(request.form.get(BACK), url_for("home.start")), code=303)
        chosen = request.form.get("language")
        if chosen in LANGUAGES:
            remember_language(answer, chosen, is_https=cookies.is_https)
        return answer


def _signed_in(cookies: Cookies, secret: str, default: str) -> Response:
    """Begin a session under a new secret, and go where the person wanted to."""
    wanted = local_path(request.cookies.get(cookies.name(BACK)), default)
    answer = redirect(wanted, code=303)
    cookies.put(answer, "session", secret)
    cookies.drop(answer, BACK)
    cookies.drop(answer, "visitor")
    return answer


def _is_mail(text: str) -> bool:
    name, at, domain = text.rpartition("@")
    return bool(at and name and "." in domain) and len(text) <= 254 and " " not in text


def home_pages() -> Blueprint:
    """The first page: for staff their work, for everybody else what is on offer."""
    routes = Blueprint("home", __name__)

    @routes.get("/")
    def start() -> Any:
        session = visit().session
        done = request.args.get("done")
        if session is not None and session.has(Role.OPERATOR, Role.COORDINATOR, Role.AUDITOR):
            return go("cohorts.all_cohorts", done=done)
        if session is not None and session.has(Role.FOCAL_POINT):
            return go("nominations.mine")
        return go("calls.open_calls", done=done)

    return routes
