"""Mails of the local sink, in demo and test mode only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.errors import NotFound
from chassis.http.operation import ApiCall, operation
from chassis.http.paging import PageQuery, after, cursor, page_of
from services.notifications.api.schemas import MailAnswer, MailHeaders
from services.notifications.post.sink import KeptMails

_READERS = (Role.OPERATOR,)


def sink_blueprint(mails: KeptMails) -> Blueprint:
    """Build the routes of the sink; not registered in production."""
    routes = Blueprint("sink", __name__, url_prefix="/sink/mails")

    @routes.get("")
    @operation(
        summary="Mails the local sink kept, the newest first",
        roles=_READERS,
        query=PageQuery,
        answer=page_of(MailHeaders),
    )
    def list_mails(call: ApiCall) -> dict[str, Any]:
        items, next_after = mails.page(after=after(call.query["cursor"]), limit=call.query["limit"])
        return {"items": items, "next_cursor": cursor(next_after)}

    @routes.get("/<uuid:mail_id>")
    @operation(
        summary="One mail in its parts",
        roles=_READERS,
        answer=MailAnswer,
        errors=("mail.not_found",),
    )
    def show(_: ApiCall, mail_id: str) -> dict[str, Any]:
        mail = mails.one(mail_id)
        if mail is None:
            raise NotFound("mail.not_found", f"there is no mail {mail_id}")
        return mail

    return routes
