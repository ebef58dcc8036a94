"""Routes of the issuer: its keys, its status lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from chassis.access import Role
from chassis.aggregate import Handle
from chassis.http.operation import Answer, ApiCall, operation
from services.certification.api.schemas import CredentialView, RotationBody, RotationView
from services.certification.domain.commands import RotateKey
from services.certification.domain.ports import KeySource
from services.certification.handlers.status_lists import StatusLists

_FOR_EVERYBODY = {"Access-Control-Allow-Origin": "*"}


def issuer_blueprint(handle: Handle, keys: KeySource, lists: StatusLists) -> Blueprint:
    """Build the routes; ``handle`` runs one command."""
    routes = Blueprint("issuer", __name__)

    @routes.get("/.well-known/did.json")
    @operation(
        summary="The issuer's public keys",
        public=True,
        answer=CredentialView,
        media_type="application/did+json",
    )
    def did_document(_: ApiCall) -> Answer:
        return Answer(body=keys.ring().did_document, headers=_FOR_EVERYBODY)

    @routes.post("/issuer-keys/rotation")
    @operation(
        summary="Sign with a new key from now on; what older keys signed still verifies",
        roles=(Role.OPERATOR,),
        body=RotationBody,
        answer=RotationView,
        errors=("key.fixed",),
    )
    def rotate(call: ApiCall) -> dict[str, Any]:
        name = handle(RotateKey(actor=call.actor, current_name=call.body["current_name"]))
        return {
            "current_name": name,
            "verification_method": f"{keys.ring().issuer_did}#{name}",
        }

    @routes.get("/status-lists/<int:list_number>/<purpose>")
    @operation(
        summary="A signed status list: which certificates are revoked, or suspended",
        public=True,
        answer=CredentialView,
        media_type="application/vc",
        errors=("status_list.not_found",),
    )
    def status_list(_: ApiCall, list_number: str, purpose: str) -> Answer:
        published = lists.published(int(list_number), purpose)
        headers = {
            **_FOR_EVERYBODY,
            "ETag": f'W/"{published.tag}"',
            "Cache-Control": "no-cache",  # kept as long as one likes, asked about before use
        }
        return Answer(body=published.credential, headers=headers)

    return routes
