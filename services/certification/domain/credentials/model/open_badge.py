"""The rules of Open Badges 3.0 beside those of the data model, one finding for each broken one.

Credentials on VC data model 1.1, which its first editions were built on, are read as the
specification asks of verifiers (B.9); new ones are on 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from services.certification.domain.credentials.model.credential import BASE_CONTEXT
from services.certification.domain.credentials.model.open_badge_classes import (
    CLASSES,
    CLOSED_VOCABULARIES,
    VOCABULARIES,
    Member,
)
from services.certification.domain.credentials.model.results import result_findings
from services.certification.domain.credentials.model.values import (
    instant_of,
    is_language,
    is_url,
    text_problem,
)
from services.certification.domain.credentials.problems import Finding, Path, model_finding

OLD_CONTEXT = "https://www.w3.org/2018/credentials/v1"
OB_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d+\.\d+)?\.json")
ACHIEVEMENTS = frozenset({"AchievementCredential", "OpenBadgeCredential"})
ENDORSEMENT = "EndorsementCredential"

_EXTENSION = re.compile(r"ext:[A-Za-z0-9._-]+")
_HASH = re.compile(r"md5\$[0-9a-fA-F]{32}|sha256\$[0-9a-fA-F]{64}")
_JWS = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def is_open_badge(document: dict[str, Any]) -> bool:
    """Whether a document calls itself one, by its type or by what it says of its subject."""
    types = types_of(document)
    if types & (ACHIEVEMENTS | {ENDORSEMENT}):
        return True
    contexts = document.get("@context")
    second = contexts[1] if isinstance(contexts, list) and len(contexts) > 1 else None
    subject = document.get("credentialSubject")
    of_badges = isinstance(second, str) and OB_CONTEXT.fullmatch(second) is not None
    return of_badges and isinstance(subject, dict) and "AchievementSubject" in types_of(subject)


def is_on_old_model(document: dict[str, Any]) -> bool:
    """Whether it begins with the context of VC data model 1.1."""
    contexts = document.get("@context")
    return isinstance(contexts, list) and contexts[:1] == [OLD_CONTEXT]


def open_badge_findings(document: dict[str, Any], at: Path = ()) -> Iterator[Finding]:
    """Everything in which a credential is no Open Badge or endorsement."""
    yield from _contexts(document, at)
    types = types_of(document)
    if "VerifiableCredential" not in types:
        yield model_finding((*at, "type"), "VerifiableCredential is not among the types")
    if not types & (ACHIEVEMENTS | {ENDORSEMENT}):
        yield model_finding((*at, "type"), "OpenBadgeCredential is not among the types")
    yield from _class(_credential_class(document), document, at)
    for place, proof in _listed(document.get("proof"), (*at, "proof")):
        purpose = proof.get("proofPurpose") if isinstance(proof, dict) else None
        if purpose not in (None, "assertionMethod"):
            yield model_finding((*place, "proofPurpose"), "a badge is signed to assert")


def types_of(document: dict[str, Any]) -> set[str]:
    """The types of an object that are texts."""
    found = document.get("type")
    return {
        item for item in (found if isinstance(found, list) else [found]) if isinstance(item, str)
    }


def _credential_class(document: dict[str, Any]) -> str:
    name = ENDORSEMENT if ENDORSEMENT in types_of(document) else "AchievementCredential"
    return f"{name}v1p1" if is_on_old_model(document) else name


def _contexts(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    contexts = document.get("@context")
    place = (*at, "@context")
    if not isinstance(contexts, list) or len(contexts) < 2:
        yield model_finding(place, "an Open Badge has at least two contexts, in a list")
        return
    if contexts[0] not in (BASE_CONTEXT, OLD_CONTEXT):
        yield model_finding((*place, 0), f"the first context is not {BASE_CONTEXT}")
    if not isinstance(contexts[1], str) or OB_CONTEXT.fullmatch(contexts[1]) is None:
        yield model_finding((*place, 1), "the second context is not that of Open Badges 3.0")


def _class(name: str, value: Any, at: Path) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield model_finding(at, f"this is an object: {name}")
        return
    shape = CLASSES[name]
    for member in shape.members:
        if member.name in value:
            yield from _member(name, member, value[member.name], (*at, member.name))
        elif member.is_required:
            yield model_finding((*at, member.name), f"{member.name} is missing")
    if not shape.is_open:
        odd = sorted(set(value) - {member.name for member in shape.members})
        for extra in odd:
            yield model_finding((*at, extra), f"{name} has no member {extra}")
    if name in _MORE:
        yield from _MORE[name](value, at)


def _member(owner: str, member: Member, value: Any, at: Path) -> Iterator[Finding]:
    if member.kind in ("types", "type"):
        yield from _own_type(owner, member, value, at)
    elif member.many == "" or (member.many == "?" and not isinstance(value, list)):
        yield from _value(member.kind, value, at)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _value(member.kind, item, (*at, number))
    else:
        yield model_finding(at, f"{member.name} is a list")


def _own_type(owner: str, member: Member, value: Any, at: Path) -> Iterator[Finding]:
    listed = value if isinstance(value, list) and member.kind == "types" else [value]
    if not all(isinstance(item, str) for item in listed):
        yield model_finding(at, "a type is a text")
    elif owner not in listed:
        yield model_finding(at, f"{owner} is not among the types")


def _value(kind: str, value: Any, at: Path) -> Iterator[Finding]:
    if kind == "ProfileRef":
        if isinstance(value, dict):
            yield from _class("Profile", value, at)
        elif not is_url(value):
            yield model_finding(at, "this is neither a URL nor a profile")
    elif kind == ENDORSEMENT:
        yield from _endorsement(value, at)
    elif kind in CLASSES:
        yield from _class(kind, value, at)
    elif kind in VOCABULARIES:
        extended = kind not in CLOSED_VOCABULARIES and isinstance(value, str)
        known = isinstance(value, str) and value in VOCABULARIES[kind]
        if not known and not (extended and _EXTENSION.fullmatch(value)):
            yield model_finding(at, f"{value!r} is no term of {kind}")
    else:
        problem = KINDS[kind](value)
        if problem:
            yield model_finding(at, problem)


def _endorsement(value: Any, at: Path) -> Iterator[Finding]:
    if isinstance(value, dict):
        yield from open_badge_findings(value, at)
    else:
        yield model_finding(at, "an endorsement is a credential")


def _subject(value: dict[str, Any], at: Path) -> Iterator[Finding]:
    if "id" not in value and not value.get("identifier"):
        yield model_finding((*at, "id"), "the subject has neither an id nor an identifier")
    yield from result_findings(value, at)


def _identity(value: dict[str, Any], at: Path) -> Iterator[Finding]:
    text = value.get("identityHash")
    if value.get("hashed") is True and isinstance(text, str) and _HASH.fullmatch(text) is None:
        yield model_finding((*at, "identityHash"), "this is no md5$ or sha256$ hash")


def _place_on_earth(value: dict[str, Any], at: Path) -> Iterator[Finding]:
    for name, most in (("latitude", 90), ("longitude", 180)):
        number = value.get(name)
        if isinstance(number, int | float) and abs(number) > most:
            yield model_finding((*at, name), f"{name} lies beyond {most} degrees")


def _listed(value: Any, at: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, list):
        yield from (((*at, number), item) for number, item in enumerate(value))
    elif value is not None:
        yield at, value


_MORE: dict[str, Callable[[dict[str, Any], Path], Iterator[Finding]]] = {
    "AchievementSubject": _subject,
    "IdentityObject": _identity,
    "GeoCoordinates": _place_on_earth,
}


def _unless(holds: bool, problem: str) -> str | None:
    return None if holds else problem


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


KINDS: dict[str, Callable[[Any], str | None]] = {
    "string": lambda value: _unless(isinstance(value, str), "this is a text"),
    "text": text_problem,
    "uri": lambda value: _unless(is_url(value), "this is no absolute URI"),
    "boolean": lambda value: _unless(isinstance(value, bool), "this is true or false"),
    "number": lambda value: _unless(
        isinstance(value, int | float) and not isinstance(value, bool), "this is a number"
    ),
    "instant": lambda value: _unless(
        instant_of(value) is not None, "this is no date and time with a zone"
    ),
    "moment": lambda value: _unless(
        instant_of(value, zone_needed=False) is not None, "this is no date and time"
    ),
    "date": lambda value: _unless(
        _matches(_DATE, value) and instant_of(f"{value}T00:00:00Z") is not None, "this is no date"
    ),
    "language": lambda value: _unless(is_language(value), "this is no language tag"),
    "country": lambda value: _unless(
        _matches(re.compile(r"[A-Z]{2}"), value), "this is no country code of two letters"
    ),
    "email": lambda value: _unless(_matches(_EMAIL, value), "this is no address"),
    "jws": lambda value: _unless(_matches(_JWS, value), "this is no compact JWS"),
}
"""Kind of value -> what is wrong with one, or ``None``."""
