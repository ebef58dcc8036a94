"""The public check of certificates, in two languages at once of four."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request, url_for
from werkzeug.utils import redirect

from chassis.clock import Clock
from chassis.errors import NotFound, RtcmError
from chassis.language_map import text_in
from services.console.api.pages import page
from services.console.api.visit import visit
from services.console.backends.certification import Certification
from services.console.domain.attempts import (
    FILES_BY_ADDRESS,
    VERIFY_BY_ADDRESS,
    Limit,
    TooManyAttempts,
)
from services.console.domain.ports import Attempts

_LONGEST_CODE = 64
_FOR_EVERYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_LABELS = {
    "holder_name": "verify.name",
    "kind_code": "verify.kind",
    "titles": "verify.programme",
    "period": "verify.period",
    "minutes": "verify.hours",
    "issued_at": "verify.issued_on",
    "serial": "verify.number",
    "check_code": "verify.code",
    "centre_names": "verify.issuer",
    "signatories": "verify.signed_by",
}
"""Fact of a comparison -> the word for it; all others are ``verify.fact.other``."""


def verify_pages(certification: Certification, attempts: Attempts, clock: Clock) -> Blueprint:
    """Build the pages."""
    routes = Blueprint("verify", __name__, url_prefix="/verify")

    @routes.get("")
    def ask() -> Any:
        code = _code(request.args.get("code", ""))
        if code:
            lang = request.args.get("lang")
            return redirect(url_for("verify.one", check_code=code, lang=lang), code=303)
        asked = "code" in request.args
        return _page("verify/ask.html", 422 if asked else 200, code="", is_empty=asked)

    @routes.get("/<check_code>")
    def one(check_code: str) -> Any:
        _admit(attempts, VERIFY_BY_ADDRESS, clock())
        found = _found(lambda: certification.verify(_code(check_code)))
        if found is None:
            return _page("verify/unknown.html", 404, code=check_code[:_LONGEST_CODE])
        return _page("verify/one.html", **_about(found, clock()))

    @routes.post("/file")
    def compare() -> Any:
        _admit(attempts, FILES_BY_ADDRESS, clock())
        content = _sent_file()
        if not content:
            return _page("verify/ask.html", 422, code="", is_empty=False, is_fileless=True)
        try:
            compared = certification.compare(content)
        except RtcmError as refused:
            if refused.code not in ("certificate.not_found", "document.unreadable"):
                raise
            return _page("verify/file.html", refused.status, reason=refused.code)
        found = compared["certificate"]
        return _page(
            "verify/compared.html",
            compared=compared,
            outcome=outcome_of(compared),
            labels=_LABELS,
            **_about(found, clock()),
        )

    @routes.get("/offline.html")
    def offline() -> Any:
        content = (files("services.console") / "offline" / "check.html").read_bytes()
        answer = Response(content, mimetype="text/html")
        # Saved, not shown: it holds its own script, which this site's policy rightly refuses.
        name = 'attachment; filename="rtcm-certificate-check.html"'
        answer.headers["Content-Disposition"] = name
        return answer

    @routes.get("/<check_code>.json")
    def facts(check_code: str) -> Any:
        _admit(attempts, VERIFY_BY_ADDRESS, clock())
        answer = jsonify(certification.verify(_code(check_code)))
        answer.headers.update(_FOR_EVERYBODY)
        return answer

    @routes.get("/<check_code>/credential")
    def credential(check_code: str) -> Any:
        _admit(attempts, VERIFY_BY_ADDRESS, clock())
        content = certification.credential(_code(check_code))
        answer = Response(content, mimetype="application/vc")
        answer.headers.update(_FOR_EVERYBODY)
        answer.headers["Content-Disposition"] = 'attachment; filename="credential.json"'
        return answer

    @routes.get("/<check_code>.pdf")
    def document(check_code: str) -> Any:
        _admit(attempts, VERIFY_BY_ADDRESS, clock())
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


def outcome_of(compared: dict[str, Any]) -> str:
    """What a comparison says first: same, agrees, altered, other, unsigned or erased."""
    if compared["differences"]:
        return "altered"
    if compared["certificate"]["is_erased"]:
        return "erased"
    if compared["is_same_file"]:
        return "same"
    if compared["form"] == "pdf":
        return "other"
    return "agrees" if compared["proof_holds"] else "unsigned"


def linkedin_address(found: dict[str, Any]) -> str:
    """Where LinkedIn offers to add a certificate to one's profile; it needs no key."""
    issued_at = datetime.fromisoformat(found["issued_at"])
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": text_in(found["titles"], "en")[0],
        "organizationName": text_in(found["centre_names"], "en")[0],
        "issueYear": issued_at.year,
        "issueMonth": issued_at.month,
        "certUrl": found["verify_url"],
        "certId": found["serial"],
    }
    return f"https://www.linkedin.com/profile/add?{urlencode(asked)}"


def _about(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    state = state_of(found)
    shareable = state == "valid" and "verify_url" in found
    linkedin = linkedin_address(found) if shareable else None
    return {"found": found, "state": state, "now": now, "linkedin": linkedin}


def _page(template: str, status: int = 200, **values: Any) -> Response:
    other = "az" if visit().language_code == "en" else "en"
    return page(template, status, other=other, **{"is_fileless": False} | values)


def _admit(attempts: Attempts, limit: Limit, now: datetime) -> None:
    if attempts.count(limit, request.remote_addr or "", now) > limit.count:
        raise TooManyAttempts(
            "verify.too_often",
            "there were too many look-ups: wait a few minutes",
            retry_after_seconds=limit.window_seconds,
        )


def _sent_file() -> bytes:
    file = request.files.get("file")
    if file is None:
        return b""
    with file.stream as stream:  # a large one lies in a temporary file
        return stream.read()


def _found(work: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return work()
    except NotFound:
        return None


def _code(typed: str) -> str:
    """A code as typed, without what cannot belong to one."""
    return "".join(char for char in typed.strip() if char.isalnum() or char in "- ")[:_LONGEST_CODE]
