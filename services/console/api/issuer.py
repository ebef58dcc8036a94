"""What verifiers look for at the issuer's own address: its keys and its status lists."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify

from services.console.backends.certification import Certification


def issuer_pages(certification: Certification) -> Blueprint:
    """Build the routes: they pass on what certification publishes."""
    routes = Blueprint("issuer", __name__)

    @routes.get("/.well-known/did.json")
    def did_document() -> Any:
        return _for_everybody(certification.did_document(), "application/did+json")

    @routes.get("/status-lists/<int:list_number>/<purpose>")
    def status_list(list_number: int, purpose: str) -> Any:
        answer = _for_everybody(certification.status_list(list_number, purpose), "application/vc")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return routes


def _for_everybody(body: dict[str, Any], media_type: str) -> Any:
    answer = jsonify(body)
    answer.mimetype = media_type
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
