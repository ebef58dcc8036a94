"""The public check of certificates, in both languages at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.utils import redirect

from chassis.clock import Clock
from chassis.errors import NotFound
from services.console.api.pages import page
from services.console.api.visit import visit
from services.console.backends.certification import Certification

_LONGEST_CODE = 64
_FOR_EVERYBODY = "*"


def verify_pages(certification: Certification, clock: Clock) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("verify", __name__, url_prefix="/verify")

    @routes.get("")
    def ask() -> Any:
        code = _code(request.args.get("code", ""))
        if code:
            return redirect(url_for("verify.one", check_code=code), code=303)
        asked = "code" in request.args
        return page("verify/ask.html", 422 if asked else 200, code="", is_empty=asked)

    @routes.get("/<check_code>")
    def one(check_code: str) -> Any:
        found = _found(lambda: certification.verify(_code(check_code)))
        other = "en" if visit().language_code == "az" else "az"
        if found is None:
            return page("verify/unknown.html", 404, code=check_code[:_LONGEST_CODE], other=other)
        return page("verify/one.html", found=found, state=state_of(found), now=clock(), other=other)

    @routes.get("/<check_code>.json")
    def facts(check_code: str) -> Any:
        answer = jsonify(certification.verify(_code(check_code)))
        answer.headers["Access-Control-Allow-Origin"] = _FOR_EVERYBODY
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return answer

    @routes.get("/<check_code>.pdf")
    def document(check_code: str) -> Any:
        content = certification.verified_document(_code(check_code))
        return Response(content, mimetype="application/pdf")

    return routes


def state_of(found: dict[str, Any]) -> str:
    """What the page says first: valid, replaced, revoked, suspended, erased or broken."""
    status = str(found["status"])
    if status in ("superseded", "revoked", "suspended"):
        return status
    if found["is_erased"]:
        return "erased"
    return "valid" if found["is_valid"] and found["proof_holds"] else "broken"


def _found(work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return work()
    except NotFound:
        return None


def _code(typed: str) -> str:
    """A code as typed, without what cannot belong to one."""
    return "".join(char for char in typed.strip() if char.isalnum() or char in "- ")[:_LONGEST_CODE]
