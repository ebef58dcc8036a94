"""The rules of the W3C Verifiable Credentials Data Model 2.0, one finding for each that is broken.

Source: W3C Recommendation "Verifiable Credentials Data Model v2.0", sections 4.2 to 5.6, and
"Bitstring Status List v1.0", section 2.1. What the Recommendation only advises is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.certification.domain.credentials.model.proof import proof_findings
from services.certification.domain.credentials.model.status_entry import status_findings
from services.certification.domain.credentials.model.values import (
    instant_of,
    is_integrity,
    is_media_type,
    is_multihash,
    is_term,
    is_url,
    text_problem,
)
from services.certification.domain.credentials.problems import Finding, Path, model_finding

BASE_CONTEXT = "https://www.w3.org/ns/credentials/v2"


def credential_findings(document: dict[str, Any], at: Path = ()) -> Iterator[Finding]:
    """Everything in which a document is no verifiable credential (its proofs' shape included)."""
    yield from context_findings(document, at)
    yield from type_findings(document, at, wanted="VerifiableCredential")
    yield from id_findings(document, at)
    yield from _texts(document, at)
    yield from _issuer(document, at)
    yield from _subjects(document, at)
    yield from _validity(document, at)
    yield from status_findings(document, at)
    yield from _typed(document, at, "credentialSchema", id_needed=True)
    yield from extension_findings(document, at)
    yield from _related(document, at)
    yield from proof_findings(document, at)


def context_findings(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    """4.3: an ordered set that begins with the base context."""
    found = document.get("@context")
    place = (*at, "@context")
    if found is None:
        yield model_finding(place, "@context is missing")
        return
    listed = found if isinstance(found, list) else [found]
    if not listed or listed[0] != BASE_CONTEXT:
        yield model_finding(place, f"the first context is not {BASE_CONTEXT}")
        return
    for number, item in enumerate(listed):
        if not (is_url(item) or isinstance(item, dict)):
            yield model_finding((*place, number), "a context is a URL or an object")


def type_findings(document: dict[str, Any], at: Path, *, wanted: str | None) -> Iterator[Finding]:
    """4.5: terms or URLs, among them the one that says what this is."""
    found = document.get("type")
    place = (*at, "type")
    if found is None or found == []:
        yield model_finding(place, "type is missing")
        return
    listed = found if isinstance(found, list) else [found]
    if not all(is_term(item) for item in listed):
        yield model_finding(place, "a type is a term or an absolute URL")
    elif wanted is not None and wanted not in listed:
        yield model_finding(place, f"{wanted} is not among the types")


def id_findings(
    document: dict[str, Any], at: Path, *, needed: bool = False, name: str = "id"
) -> Iterator[Finding]:
    """4.4: one URL."""
    if name not in document:
        if needed:
            yield model_finding((*at, name), f"{name} is missing")
    elif not is_url(document[name]):
        yield model_finding((*at, name), f"{name} is not one absolute URL")


def objects_in(document: dict[str, Any], at: Path, name: str) -> Iterator[tuple[Path, Any]]:
    """The values of a member that holds one or several, each with its place."""
    found = document[name]
    if isinstance(found, list):
        yield from (((*at, name, number), item) for number, item in enumerate(found))
    else:
        yield (*at, name), found


def extension_findings(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    """5.4 to 5.6 and the reserved extension points: each value says its type."""
    for name in ("termsOfUse", "evidence", "refreshService", "confidenceMethod", "renderMethod"):
        yield from _typed(document, at, name, id_needed=False)


def _texts(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    for name in ("name", "description"):
        if name in document:
            problem = text_problem(document[name])
            if problem:
                yield model_finding((*at, name), problem)


def _issuer(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    place = (*at, "issuer")
    issuer = document.get("issuer")
    if issuer is None:
        yield model_finding(place, "issuer is missing")
    elif isinstance(issuer, dict):
        if not is_url(issuer.get("id")):
            yield model_finding(place, "the issuer's id is not one absolute URL")
        yield from _texts(issuer, place)
    elif not is_url(issuer):
        yield model_finding(place, "the issuer is neither a URL nor an object with an id")


def _subjects(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    name = "credentialSubject"
    if document.get(name) is None or document[name] == []:
        yield model_finding((*at, name), f"{name} is missing")
        return
    for place, subject in objects_in(document, at, name):
        if not isinstance(subject, dict):
            yield model_finding(place, "a subject is an object")
        elif not subject:
            yield model_finding(place, "nothing is claimed about the subject")
        elif "id" in subject and not is_url(subject["id"]):
            yield model_finding(place, "the subject's id is not one absolute URL")


def _validity(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    instants = {}
    for name in ("validFrom", "validUntil"):
        if name in document:
            instants[name] = instant_of(document[name])
            if instants[name] is None:
                yield model_finding((*at, name), f"{name} is no date and time with a zone")
    start, end = instants.get("validFrom"), instants.get("validUntil")
    if start is not None and end is not None and end < start:
        yield model_finding((*at, "validUntil"), "validUntil lies before validFrom")


def _typed(document: dict[str, Any], at: Path, name: str, *, id_needed: bool) -> Iterator[Finding]:
    if name not in document:
        return
    if document[name] == []:
        yield model_finding((*at, name), f"{name} is empty")
    for place, value in objects_in(document, at, name):
        if not isinstance(value, dict):
            yield model_finding(place, f"{name} is an object")
            continue
        for problem in type_findings(value, (), wanted=None):
            yield model_finding(place, f"{name}: {problem.detail}")
        if id_needed and "id" not in value:
            yield model_finding(place, f"{name}: id is missing")
        elif "id" in value and not is_url(value["id"]):
            yield model_finding(place, f"{name}: id is not one absolute URL")


def _related(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    name = "relatedResource"
    if name not in document:
        return
    if document[name] == []:
        yield model_finding((*at, name), f"{name} is empty")
    seen: set[str] = set()
    for place, value in objects_in(document, at, name):
        problem = _resource_problem(value)
        if problem is None and value["id"] in seen:
            problem = "a related resource is listed twice"
        if problem is None:
            seen.add(value["id"])
        else:
            yield model_finding(place, problem)


def _resource_problem(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "a related resource is an object"
    if not is_url(value.get("id")):
        return "a related resource needs an id that is one absolute URL"
    problem = _digest_problem(value)
    if problem is not None:
        return problem
    if "mediaType" in value and not is_media_type(value["mediaType"]):
        return "mediaType is no media type"
    return None


def _digest_problem(resource: dict[str, Any]) -> str | None:
    """5.3: at least one digest, each of the form its name says; the resource is not fetched."""
    forms = {"digestSRI": is_integrity, "digestMultibase": is_multihash}
    given = {name: resource[name] for name in forms if name in resource}
    if not given:
        return "a related resource needs a digest"
    for name, found in given.items():
        listed = found if isinstance(found, list) else [found]
        if not listed or not all(forms[name](one) for one in listed):
            return f"{name} is no digest of that form"
    return None
