"""What certification shows."""

from __future__ import annotations

from typing import Any

from chassis.access import Scope
from chassis.errors import NotFound
from chassis.mongo.documents import AggregateDocument
from chassis.mongo.reading import Page, count, read_one, read_page, reading
from services.certification.domain.award_rule import award_rule_id_of
from services.certification.domain.letterhead import centre_letterhead, letterhead_id_of
from services.certification.storage.documents import (
    AlumnusDocument,
    AwardDocument,
    AwardRuleDocument,
    CertificateDocument,
    LetterheadDocument,
)


def award_rule(cohort_id: str, *, scope: Scope) -> dict[str, Any]:
    """A cohort's rule with all versions.

    Raises:
        NotFound: ``award_rule.not_found``.
    """
    return _one(AwardRuleDocument, award_rule_id_of(cohort_id), "award_rule", scope)


def awards(
    *, scope: Scope, cohort_id: str | None, status: str | None, after: str | None, limit: int
) -> Page:
    """Awards, by cohort and status."""
    return read_page(
        AwardDocument,
        scope=scope,
        where=_where(cohort_id=cohort_id, status=status),
        after=after,
        limit=limit,
    )


def award(award_id: str, *, scope: Scope) -> dict[str, Any]:
    """One award with its forecast.

    Raises:
        NotFound: ``award.not_found``.
    """
    return _one(AwardDocument, award_id, "award", scope)


def certificates(
    *,
    scope: Scope,
    cohort_id: str | None,
    subject_id: str | None,
    status: str | None,
    after: str | None,
    limit: int,
) -> Page:
    """Certificates, by cohort, person and status."""
    where = _where(cohort_id=cohort_id, subject_id=subject_id, status=status)
    return read_page(CertificateDocument, scope=scope, where=where, after=after, limit=limit)


def certificate(certificate_id: str, *, scope: Scope) -> dict[str, Any]:
    """One certificate.

    Raises:
        NotFound: ``certificate.not_found``.
    """
    return _one(CertificateDocument, certificate_id, "certificate", scope)


def certificate_by_code(check_code: str) -> dict[str, Any]:
    """The certificate behind an unguessable code, for everybody who has it.

    Raises:
        NotFound: ``certificate.not_found``.
    """
    with reading():
        found = CertificateDocument._get_collection().find_one({"check_code": check_code})
    if found is None:
        raise NotFound("certificate.not_found", "no certificate has this code")
    found["id"] = found.pop("_id")
    return dict(found)


def serial_of(certificate_id: str) -> str | None:
    """The number printed on a certificate, for the chain of replacements."""
    with reading():
        found = CertificateDocument._get_collection().find_one(
            {"_id": certificate_id}, {"serial": 1}
        )
    return None if found is None else str(found["serial"])


def alumni(*, scope: Scope, cohort_id: str | None, after: str | None, limit: int) -> Page:
    """Alumni, by cohort."""
    where = _where(cohort_id=cohort_id)
    return read_page(AlumnusDocument, scope=scope, where=where, after=after, limit=limit)


def letterhead(country_code: str, *, scope: Scope) -> dict[str, Any]:
    """A country's letterhead, or the centre's own where none is set (version 0)."""
    found = read_one(LetterheadDocument, letterhead_id_of(country_code), scope=scope)
    if found is not None:
        return found
    own = centre_letterhead(country_code)
    return {
        "country_code": country_code,
        "version": 0,
        "centre_names": own.centre_names,
        "signatories": own.signatories,
    }


def summary(*, scope: Scope, cohort_id: str) -> dict[str, Any]:
    """Counts of a cohort: awards and certificates by status, alumni."""
    return {
        "cohort_id": cohort_id,
        "awards": _by_status(AwardDocument, _AWARD_STATUSES, scope, cohort_id),
        "certificates": _by_status(CertificateDocument, _CERTIFICATE_STATUSES, scope, cohort_id),
        "alumnus_count": count(AlumnusDocument, scope=scope, where=_where(cohort_id=cohort_id)),
    }


_AWARD_STATUSES = ("expected", "open", "unreachable", "eligible", "held", "reached", "closed")
_CERTIFICATE_STATUSES = ("issued", "suspended", "superseded", "revoked")


def _by_status(
    document: type[AggregateDocument], statuses: tuple[str, ...], scope: Scope, cohort_id: str
) -> dict[str, int]:
    return {
        status: count(document, scope=scope, where=_where(cohort_id=cohort_id, status=status))
        for status in statuses
    }


def _one(document: type[AggregateDocument], id_: str, name: str, scope: Scope) -> dict[str, Any]:
    found = read_one(document, id_, scope=scope)
    if found is None:
        raise NotFound(f"{name}.not_found", f"there is no {name} {id_}")
    return found


def _where(**limits: str | None) -> dict[str, Any]:
    """All limits that are set; beside those of a scope, never instead of them."""
    found = [{name: value} for name, value in limits.items() if value is not None]
    return {"$and": found} if found else {}
