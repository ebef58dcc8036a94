"""Routes of a cohort's certificates together: one PDF for the printer, one ZIP archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from flask import Blueprint

from chassis.access import Role, Scope
from chassis.errors import NotFound
from chassis.http.operation import Answer, ApiCall, operation
from services.certification.domain.certificate import CertificateStatus
from services.certification.domain.documents.archive import zip_stream
from services.certification.domain.documents.rendering import LARGEST_PACK, render_pack
from services.certification.domain.ports import Certificates, DocumentShelf
from services.certification.storage import queries

_STAFF = (Role.OPERATOR, Role.COORDINATOR)
_AT_ONCE = 100


def packs_blueprint(certificates: Certificates, documents: DocumentShelf) -> Blueprint:
    """Build the routes; both hold the certificates in force, in the order of their ids."""
    routes = Blueprint("packs", __name__, url_prefix="/cohorts")

    @routes.get("/<uuid:cohort_id>/certificates.pdf")
    @operation(
        summary=f"A cohort's certificates for the printer, at most {LARGEST_PACK}",
        roles=_STAFF,
        media_type="application/pdf",
        errors=("certificate.not_found", "pack.too_large", "pack.layouts_differ"),
    )
    def pack(call: ApiCall, cohort_id: str) -> Answer:
        found = _in_force(cohort_id, call.actor.scope)
        contents = [
            content
            for each in chain([_first(found)], found)
            if (content := certificates.get(each["id"], scope=call.actor.scope).content)
        ]
        title = f"{contents[0].edition_code}: {len(contents)}"
        return Answer(content=render_pack(contents, title=title), headers=_named("pdf"))

    @routes.get("/<uuid:cohort_id>/certificates.zip")
    @operation(
        summary="A cohort's certificates as they were printed, a file each",
        roles=_STAFF,
        media_type="application/zip",
        errors=("certificate.not_found",),
    )
    def archive(call: ApiCall, cohort_id: str) -> Answer:
        found = _in_force(cohort_id, call.actor.scope)
        files = _files(chain([_first(found)], found), documents)
        return Answer(content=zip_stream(files), headers=_named("zip"))

    return routes


def _in_force(cohort_id: str, scope: Scope) -> Iterator[dict[str, Any]]:
    """Page by page, so that a cohort of ten thousand is never held whole."""
    after: str | None = None
    while True:
        page = queries.certificates(
            scope=scope,
            cohort_id=cohort_id,
            subject_id=None,
            status=CertificateStatus.ISSUED.value,
            after=after,
            limit=_AT_ONCE,
        )
        yield from (each for each in page.items if each.get("erased_at") is None)
        after = page.next_after
        if after is None:
            return


def _first(found: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """The first one, so that an empty cohort is refused before anything is sent.

    Raises:
        NotFound: ``certificate.not_found``.
    """
    first = next(found, None)
    if first is None:
        raise NotFound("certificate.not_found", "the cohort has no certificate in force")
    return first


def _files(
    found: Iterator[dict[str, Any]], documents: DocumentShelf
) -> Iterator[tuple[str, datetime, bytes]]:
    for each in found:
        content = documents.get(each["id"])
        if content is not None:
            yield f"{each['serial']}.pdf", each["issued_at"], content


def _named(kind: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="certificates.{kind}"'}
