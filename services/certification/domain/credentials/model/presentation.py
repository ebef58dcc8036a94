"""Verifiable presentations and enveloped credentials (VC data model 2.0, section 4.12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from services.certification.domain.credentials.model.credential import (
    BASE_CONTEXT,
    context_findings,
    credential_findings,
    extension_findings,
    id_findings,
    objects_in,
    type_findings,
)
from services.certification.domain.credentials.model.proof import proof_findings
from services.certification.domain.credentials.model.values import is_url
from services.certification.domain.credentials.problems import Finding, Path, model_finding

_ENVELOPE = re.compile(
    r"data:application/(?P<kind>v[cp]|jwt)[A-Za-z0-9+.-]*(;[^,;]+)*[,;].+", re.DOTALL
)
ENVELOPED_CREDENTIAL = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION = "EnvelopedVerifiablePresentation"


def presentation_findings(document: dict[str, Any], at: Path = ()) -> Iterator[Finding]:
    """Everything in which a document is no verifiable presentation, its credentials included."""
    yield from context_findings(document, at)
    yield from type_findings(document, at, wanted="VerifiablePresentation")
    yield from id_findings(document, at)
    yield from _holder(document, at)
    name = "verifiableCredential"
    if name in document:
        for place, held in objects_in(document, at, name):
            yield from _held(held, place)
    yield from extension_findings(document, at)
    yield from proof_findings(document, at)


def envelope_findings(document: dict[str, Any], wanted: str, at: Path = ()) -> Iterator[Finding]:
    """4.12.1 and 4.12.2: a context, a ``data:`` URL of something secured, one type."""
    contexts = document.get("@context")
    listed = contexts if isinstance(contexts, list) else [contexts]
    if BASE_CONTEXT not in listed:
        yield model_finding((*at, "@context"), f"an envelope needs the context {BASE_CONTEXT}")
    address = document.get("id")
    kind = "vc" if wanted == ENVELOPED_CREDENTIAL else "vp"
    found = _ENVELOPE.fullmatch(address) if isinstance(address, str) else None
    if found is None or found["kind"] not in (kind, "jwt"):
        yield model_finding((*at, "id"), "the id is no data: URL of something secured")
    types = document.get("type")
    if types not in (wanted, [wanted]):
        yield model_finding((*at, "type"), f"the type of an envelope is {wanted}")


def _held(held: Any, place: Path) -> Iterator[Finding]:
    if not isinstance(held, dict):
        yield model_finding(place, "a presented credential is an object")
        return
    types = held.get("type")
    listed = types if isinstance(types, list) else [types]
    if ENVELOPED_CREDENTIAL in listed:
        yield from envelope_findings(held, ENVELOPED_CREDENTIAL, place)
    else:
        yield from credential_findings(held, place)


def _holder(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    if "holder" in document:
        holder = document["holder"]
        name = holder.get("id") if isinstance(holder, dict) else holder
        if not is_url(name):
            yield model_finding((*at, "holder"), "the holder is neither a URL nor has such an id")
