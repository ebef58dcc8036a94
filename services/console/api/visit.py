"""One request of one visitor: language, session, and the proof that a form is ours."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import Forbidden as Refused
from werkzeug.wrappers import Response as AnyResponse

from chassis.access import PUBLIC_ACTOR, Actor
from chassis.ids import new_secret
from services.console.api.texts import LANGUAGES, PUBLIC_LANGUAGE_NAMES
from services.console.domain.session import Session

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LANGUAGE_COOKIE = "rtcm_language"
BACK = "back"
"""Query parameter, field and cookie of the way back after signing in."""

_BACK_SECONDS = 3600
_YEAR_SECONDS = 365 * 24 * 3600


@dataclass
class Visit:
    """Who asks, and how pages answer.

    Attributes:
        secret: of the session, or of a visitor who is not signed in; ``None``: first page.
        fresh: a visitor's secret that has to reach the browser with this answer.
    """

    language_code: str
    session: Session | None
    secret: str | None
    fresh: bool = False

    @property
    def actor(self) -> Actor:
        """For the services: the signed-in person, or anybody."""
        return PUBLIC_ACTOR if self.session is None else self.session.actor

    def form_token(self) -> str:
        """What every form carries: only pages for this very browser know it."""
        if self.secret is None:
            self.secret, self.fresh = new_secret(24), True
        return _token_of(self.secret)


@dataclass(frozen=True)
class Cookies:
    """Names and flags of the console's cookies; ``__Host-`` where the browser allows it."""

    is_https: bool

    def name(self, kind: str) -> str:
        """The name of a cookie that holds a secret."""
        return f"__Host-rtcm_{kind}" if self.is_https else f"rtcm_{kind}"

    def put(
        self, response: AnyResponse, kind: str, value: str, *, seconds: int | None = None
    ) -> None:
        """Give the browser a secret no script can read."""
        response.set_cookie(
            self.name(kind),
            value,
            max_age=seconds,
            path="/",
            secure=self.is_https,
            httponly=True,
            samesite="Lax",
        )

    def drop(self, response: AnyResponse, kind: str) -> None:
        """Have the browser forget it."""
        response.delete_cookie(
            self.name(kind), path="/", secure=self.is_https, httponly=True, samesite="Lax"
        )


def visit() -> Visit:
    """The visit under way."""
    found: Visit = g.visit
    return found


def register(app: Flask, cookies: Cookies, session_of: Callable[[str], Session | None]) -> None:
    """Have every request of pages begin as a visit, and every form proved to be ours."""

    @app.before_request
    def begin() -> None:
        if request.endpoint in ("static", "healthz", "readyz", "metrics"):
            return
        g.visit = Visit(_language(), None, None)  # first: an error page needs it
        g.visit = _visit(cookies, session_of)
        if request.method not in SAFE_METHODS:
            _require_own_form(g.visit)

    @app.after_request
    def finish(response: Response) -> Response:
        under_way: Visit | None = g.get("visit")
        if under_way is not None and under_way.fresh and under_way.secret is not None:
            cookies.put(response, "visitor", under_way.secret)
        return response


def _visit(cookies: Cookies, session_of: Callable[[str], Session | None]) -> Visit:
    secret = request.cookies.get(cookies.name("session"))
    session = session_of(secret) if secret else None
    if session is None:
        secret = request.cookies.get(cookies.name("visitor"))
    return Visit(_language(), session, secret)


def _require_own_form(under_way: Visit) -> None:
    """Refuse what another site made this browser send."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Refused("cross-site")
    sent = request.form.get("form_token", "")
    if under_way.secret is None or not hmac.compare_digest(
        sent.encode(), _token_of(under_way.secret).encode()
    ):
        raise Refused("form-token")


def _token_of(secret: str) -> str:
    return hmac.digest(secret.encode(), b"form", "sha256").hex()


def _language() -> str:
    """What was chosen, else what the browser asks for; the public check knows more languages."""
    if request.blueprint == "verify":
        asked = request.args.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
        if asked in PUBLIC_LANGUAGE_NAMES:
            return asked
        return request.accept_languages.best_match(PUBLIC_LANGUAGE_NAMES) or LANGUAGES[0]
    asked = request.cookies.get(LANGUAGE_COOKIE)
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def remember_language(response: AnyResponse, language_code: str, *, is_https: bool) -> None:
    """Keep the language a visitor chose."""
    response.set_cookie(
        LANGUAGE_COOKIE, language_code, max_age=_YEAR_SECONDS, secure=is_https, samesite="Lax"
    )


def local_path(asked: str | None, default: str) -> str:
    """A path on this site to go on to; anything else becomes ``default``."""
    if not asked or not asked.startswith("/") or "\\" in asked or not asked.isprintable():
        return default
    parts = urlsplit(asked)
    return default if parts.scheme or parts.netloc or asked.startswith("//") else asked


def keep_way_back(response: AnyResponse, cookies: Cookies) -> None:
    """Remember where a visitor wanted to go until the mailed link is followed."""
    back = local_path(request.args.get(BACK), "")
    if back:
        cookies.put(response, BACK, back, seconds=_BACK_SECONDS)
