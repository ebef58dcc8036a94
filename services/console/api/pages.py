"""What views make pages with: templates in the visitor's language, guards, ways on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for
from jinja2 import StrictUndefined
from werkzeug.exceptions import Forbidden as Refused
from werkzeug.wrappers import Response as AnyResponse

from chassis.access import Role
from chassis.errors import RtcmError
from chassis.ids import new_id
from chassis.language_map import text_in
from services.console.api import dates, texts
from services.console.api.visit import visit

View = Callable[..., Any]


def page(template: str, status: int = 200, **values: Any) -> Response:
    """A page, or with htmx the part of it that ``template`` is."""
    response = Response(render_template(template, **values), status=status)
    response.vary.add("HX-Request")
    return response


def is_part() -> bool:
    """Whether only a part of the page was asked for."""
    return request.headers.get("HX-Request") == "true"


def go(endpoint: str, *, done: str | None = None, **values: Any) -> AnyResponse:
    """On to another page after a form; ``done`` names the sentence it begins with."""
    if done is not None:
        values["done"] = done
    return redirect(url_for(endpoint, **values), code=303)


def needs(*roles: Role) -> Callable[[View], View]:
    """Let only these roles see a view; who is not signed in is asked to, and comes back."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*path: Any, **values: Any) -> Any:
            session = visit().session
            if session is None:
                back = request.full_path.rstrip("?") if request.method == "GET" else None
                staff = Role.PARTICIPANT not in roles
                target = "signin.staff" if staff else "signin.ask"
                return redirect(url_for(target, back=back), code=303)
            if not session.has(*roles):
                raise Refused("role")
            return view(*path, **values)

        return guarded

    return guard


def refusal(work: Callable[[], object]) -> RtcmError | None:
    """Do something a rule may forbid; the refusal, to be shown on the page it came from.

    Raises:
        RtcmError: anything that is no refusal of this very step (an absent service, say).
    """
    try:
        work()
    except RtcmError as error:
        if error.status in (400, 404, 409, 412, 422, 429):
            return error
        raise
    return None


def sentence_of(error: RtcmError) -> str:
    """What a refusal means, in the visitor's words where we have them."""
    language_code = visit().language_code
    for key in (f"error.{error.code}", f"error.status.{error.status}"):
        if texts.has_text(language_code, key):
            return texts.text(language_code, key)
    return error.detail


def _known_in(language_code: str, key: str, code: str) -> str:
    """The word for a code, or the code itself where a newer service sends a new one."""
    full = f"{key}.{code}"
    if texts.has_text(language_code, full):
        return texts.text(language_code, full)
    return code.replace("_", " ")


def register(app: Flask, *, zone: str, shows_mails: bool) -> None:
    """Give templates their words."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True

    def lang() -> str:
        return visit().language_code

    def t(key: str, **values: object) -> str:
        return texts.text(lang(), key, **values)

    def known(key: str, code: str) -> str:
        return _known_in(lang(), key, code)

    def said(language_map: Mapping[str, str] | None) -> str:
        return text_in(language_map, lang())[0] if language_map else ""

    def said_lang(language_map: Mapping[str, str] | None) -> str | None:
        """The language to mark a text with, where it is not the page's."""
        if not language_map:
            return None
        spoken = text_in(language_map, lang())[1]
        return None if spoken == lang() else spoken

    env.globals.update(
        t=t,
        t_in=texts.text,
        service_names=lambda names: ", ".join(known("service", name) for name in names),
        known_in=_known_in,
        said_in=lambda other, language_map: text_in(language_map, other)[0],
        number_in=texts.number,
        day_in=dates.day,
        span_in=dates.span,
        known=known,
        said=said,
        said_lang=said_lang,
        counted=lambda key, count, **values: texts.counted(lang(), key, count, **values),
        number=lambda value, digits=0: texts.number(lang(), value, digits),
        day=lambda value: dates.day(lang(), value),
        weekday=lambda value: dates.weekday(lang(), value),
        span=lambda first, last: dates.span(lang(), first, last),
        instant=lambda value, at=zone: dates.instant(lang(), value, at),
        short_instant=lambda value, at=zone: dates.short_instant(lang(), value, at),
        clock_time=dates.clock_time,
        city=lambda at=zone: dates.city(lang(), at),
        country=lambda code: dates.country(lang(), code),
        language=lambda code: dates.language(lang(), code),
        sentence_of=sentence_of,
        visit=visit,
        new_id=new_id,
        Role=Role,
        languages=texts.LANGUAGE_NAMES,
        public_languages=texts.PUBLIC_LANGUAGE_NAMES,
        shows_mails=shows_mails,
        has_text=lambda key: texts.has_text(lang(), key),
    )
