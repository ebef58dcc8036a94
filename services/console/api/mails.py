"""Mails of the local sink: what people would have got. Demo and test mode only."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

from flask import Blueprint, Response, abort, request

from chassis.access import Role
from services.console.api.pages import needs, page
from services.console.api.visit import visit
from services.console.backends.notifications import Notifications

_LINK = re.compile(r"https?://[^\s<>\"]+")


def mails_pages(notifications: Notifications) -> Blueprint:
    """Build the pages; not registered in production."""
    routes = Blueprint("mails", __name__, url_prefix="/mails")

    @routes.get("")
    @needs(Role.OPERATOR)
    def inbox() -> Any:
        found = notifications.mails(visit().actor, cursor=request.args.get("cursor"))
        is_first = "cursor" not in request.args
        return page(
            "mails/list.html",
            mails=found["items"],
            next_cursor=found["next_cursor"],
            is_first=is_first,
        )

    @routes.get("/<uuid:mail_id>")
    @needs(Role.OPERATOR)
    def one(mail_id: object) -> Any:
        mail = notifications.mail(str(mail_id), visit().actor)
        links = list(dict.fromkeys(_LINK.findall(mail["text"])))
        return page("mails/one.html", mail=mail, links=links)

    @routes.get("/<uuid:mail_id>/html")
    @needs(Role.OPERATOR)
    def html(mail_id: object) -> Any:
        mail = notifications.mail(str(mail_id), visit().actor)
        answer = Response(mail["html"], mimetype="text/html")
        answer.headers["Content-Security-Policy"] = mail_policy(mail["html"])
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
        return answer

    @routes.get("/<uuid:mail_id>/attachments/<int:number>")
    @needs(Role.OPERATOR)
    def attachment(mail_id: object, number: int) -> Any:
        attachments = notifications.mail(str(mail_id), visit().actor)["attachments"]
        if not 0 <= number < len(attachments):
            abort(404)
        found = attachments[number]
        name = re.sub(r"[^A-Za-z0-9._-]", "_", found["filename"])[:100] or "attachment"
        answer = Response(found["content"], mimetype="application/octet-stream")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    return routes


def mail_policy(html: str) -> str:
    """What a mail may do in its frame: show its own styles, by their hashes, and nothing else."""
    styles = _Styles()
    styles.feed(html)
    hashes = " ".join(sorted({f"'sha256-{_sha256(style)}'" for style in styles.found}))
    allowed = f"style-src 'unsafe-hashes' {hashes}; " if hashes else ""
    return (
        f"sandbox allow-popups; default-src 'none'; {allowed}img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


class _Styles(HTMLParser):
    """Collects style attributes and the contents of style elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "style"
        self.found.update(value for name, value in attrs if name == "style" and value)

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.add(data)


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
