"""Messages and templates over HTTP: what became of them, never to which address."""

from __future__ import annotations

from typing import Any, Protocol

from flask import Blueprint

from chassis.access import Role, Scope
from chassis.aggregate import Handle
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall, operation
from chassis.http.paging import after, cursor, page_of
from chassis.mongo.reading import Page
from services.notifications.api.schemas import (
    CountsAnswer,
    Made,
    MessageAnswer,
    MessagesQuery,
    OfCohort,
    PreviewAnswer,
    TemplatesAnswer,
)
from services.notifications.domain.commands import ResendMessage
from services.notifications.domain.message_types import MESSAGE_TYPES
from services.notifications.rendering.samples import preview
from services.notifications.rendering.templates import LANGUAGES, Rendered

_CENTRE = (Role.OPERATOR, Role.COORDINATOR)
_READERS = (*_CENTRE, Role.AUDITOR)


class Reads(Protocol):
    """Reads of messages (``storage.queries.MessageQueries``)."""

    def page(self, *, scope: Scope, where: dict[str, Any], after: str | None, limit: int) -> Page:
        """Some messages."""
        ...

    def one(self, message_id: str, *, scope: Scope) -> dict[str, Any] | None:
        """One message."""
        ...

    def counts(self, *, scope: Scope, where: dict[str, Any]) -> dict[str, dict[str, int]]:
        """How many."""
        ...


def messages_blueprint(handle: Handle, reads: Reads) -> Blueprint:
    """Build the routes of messages; ``handle`` runs one command."""
    routes = Blueprint("messages", __name__, url_prefix="/messages")

    @routes.get("")
    @operation(
        summary="Messages", roles=_READERS, query=MessagesQuery, answer=page_of(MessageAnswer)
    )
    def list_messages(call: ApiCall) -> dict[str, Any]:
        page = reads.page(
            scope=call.actor.scope,
            where=_filters(call, "cohort_id", "status", "type_code"),
            after=after(call.query["cursor"]),
            limit=call.query["limit"],
        )
        return {
            "items": [_shown(row) for row in page.items],
            "next_cursor": cursor(page.next_after),
        }

    @routes.get("/counts")
    @operation(summary="How many messages", roles=_READERS, query=OfCohort, answer=CountsAnswer)
    def counts(call: ApiCall) -> dict[str, dict[str, int]]:
        return reads.counts(scope=call.actor.scope, where=_filters(call, "cohort_id"))

    @routes.get("/<uuid:message_id>")
    @operation(
        summary="One message",
        roles=_READERS,
        answer=MessageAnswer,
        errors=("message.not_found",),
    )
    def show(call: ApiCall, message_id: str) -> Answer:
        row = reads.one(message_id, scope=call.actor.scope)
        if row is None:
            raise NotFound("message.not_found", f"there is no message {message_id}")
        return Answer(body=_shown(row), version=row["version"])

    @routes.post("/<uuid:message_id>/resending")
    @operation(
        summary="Send a settled message once more",
        roles=_CENTRE,
        answer=Made,
        status=201,
        errors=("message.not_found", "message.not_settled", "message.suppressed"),
        versioned=True,
    )
    def resend(call: ApiCall, message_id: str) -> dict[str, str]:
        again = handle(
            ResendMessage(
                actor=call.actor,
                expected_version=call.expected_version,
                message_id=message_id,
                nonce=call.id_for("resend"),
            )
        )
        return {"id": again}

    return routes


def templates_blueprint() -> Blueprint:
    """Build the routes of templates."""
    routes = Blueprint("templates", __name__, url_prefix="/templates")

    @routes.get("")
    @operation(summary="Message types and their languages", roles=_READERS, answer=TemplatesAnswer)
    def list_templates(_: ApiCall) -> dict[str, Any]:
        items = [
            {
                "type_code": kind.code,
                "message_class": kind.message_class.value,
                "promise": kind.promise.value,
                "languages": list(LANGUAGES),
            }
            for kind in MESSAGE_TYPES.values()
        ]
        return {"items": items}

    @routes.get("/<string:type_code>/<string:language_code>/preview")
    @operation(
        summary="A template filled with synthetic values",
        roles=_READERS,
        answer=PreviewAnswer,
        errors=("template.not_found",),
    )
    def show_preview(_: ApiCall, type_code: str, language_code: str) -> Rendered:
        if type_code not in MESSAGE_TYPES:
            raise NotFound("template.not_found", f"there is no template {type_code}")
        return preview(type_code, language_code)

    return routes


def _filters(call: ApiCall, *names: str) -> dict[str, Any]:
    given = {name: call.query[name] for name in names if call.query[name] is not None}
    return {name: str(getattr(value, "value", value)) for name, value in given.items()}


_OPTIONAL = (
    "cohort_id",
    "reason_code",
    "language_code",
    "content_sha256",
    "expires_at",
    "settled_at",
)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    # MongoDB keeps no field that is None.
    kind = MESSAGE_TYPES[row["type_code"]]
    absent = dict.fromkeys(_OPTIONAL)
    return {"occurrence": "", **absent, **row, "message_class": kind.message_class.value}
