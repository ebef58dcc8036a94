"""One document against the models it claims to follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.certification.domain.credentials.model.credential import credential_findings
from services.certification.domain.credentials.model.linked_data import linked_data_findings
from services.certification.domain.credentials.model.open_badge import (
    is_on_old_model,
    is_open_badge,
    open_badge_findings,
    types_of,
)
from services.certification.domain.credentials.model.presentation import (
    ENVELOPED_CREDENTIAL,
    ENVELOPED_PRESENTATION,
    envelope_findings,
    presentation_findings,
)
from services.certification.domain.credentials.model.proof import proof_findings
from services.certification.domain.credentials.problems import Finding, model_finding


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a document was judged as, and what is wrong with it.

    Attributes:
        kind: ``credential``, ``open_badge``, ``presentation``, ``enveloped_credential`` or
            ``enveloped_presentation``.
    """

    kind: str
    findings: tuple[Finding, ...]


def check_model(document: Any) -> Judged:
    """Judge a JSON value by VC data model 2.0 and, where it calls itself one, as Open Badge.

    A presentation's credentials are judged with it. No network, no clock, no proof is needed.
    """
    if not isinstance(document, dict):
        finding = model_finding((), "a credential is a JSON object")
        return Judged(kind="credential", findings=(finding,))
    kind, found = _judge(document)
    findings = list(dict.fromkeys(found))
    if not findings:
        # What breaks a rule of the model is named by that rule, not by what JSON-LD makes of it.
        findings = list(dict.fromkeys(linked_data_findings(document)))
    return Judged(kind=kind, findings=tuple(findings))


def _judge(document: dict[str, Any]) -> tuple[str, Iterator[Finding]]:
    types = types_of(document)
    if ENVELOPED_CREDENTIAL in types:
        return "enveloped_credential", envelope_findings(document, ENVELOPED_CREDENTIAL)
    if ENVELOPED_PRESENTATION in types:
        return "enveloped_presentation", envelope_findings(document, ENVELOPED_PRESENTATION)
    if "VerifiablePresentation" in types:
        return "presentation", _presentation(document)
    if is_open_badge(document):
        return "open_badge", _badge(document)
    return "credential", credential_findings(document)


def _badge(document: dict[str, Any]) -> Iterator[Finding]:
    yield from open_badge_findings(document)
    if is_on_old_model(document):
        yield from proof_findings(document, ())
    else:
        yield from credential_findings(document)


def _presentation(document: dict[str, Any]) -> Iterator[Finding]:
    yield from presentation_findings(document)
    for number, held in enumerate(held_credentials(document)):
        if is_open_badge(held):
            yield from open_badge_findings(held, ("verifiableCredential", number))


def held_credentials(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The credentials a presentation holds that are objects."""
    found = document.get("verifiableCredential", [])
    listed = found if isinstance(found, list) else [found]
    return [held for held in listed if isinstance(held, dict)]
