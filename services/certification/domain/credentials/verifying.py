"""The verdict over what somebody shows: model, proofs, issuer, times, status.

Pure: keys and status lists are those handed over, the instant too. Everything that is wrong is
found, not the first thing only; the reason is the gravest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.certification.domain.credentials.envelope import check_token
from services.certification.domain.credentials.methods import RETIRED, Method
from services.certification.domain.credentials.model.checking import check_model, held_credentials
from services.certification.domain.credentials.model.presentation import (
    ENVELOPED_CREDENTIAL,
    ENVELOPED_PRESENTATION,
)
from services.certification.domain.credentials.model.values import instant_of
from services.certification.domain.credentials.presented import Presented, read_presented
from services.certification.domain.credentials.problems import CredentialError, Finding
from services.certification.domain.credentials.proofs import (
    ASSERT,
    AUTHENTICATE,
    check_proofs,
)
from services.certification.domain.credentials.rdf import ClosedLoader
from services.certification.domain.credentials.statuses import StatusLists, status_problems

_STARTS = ("validFrom", "issuanceDate")
_ENDS = ("validUntil", "expirationDate")
_UNTRUSTED = frozenset(
    {"key.unknown", "key.wrong_controller", "key.wrong_purpose", "key.method_missing"}
)


@dataclass(frozen=True, kw_only=True)
class Material:
    """What a verifier has at hand.

    Attributes:
        did_documents: whose keys are believed beside those of ``did:key`` and ``did:jwk``.
        status_lists: status list credentials as they were saved; found by their own ``id``.
        lists_at: address -> the status list that was got there.
        at: the instant the question is about.
    """

    at: datetime
    did_documents: Sequence[Mapping[str, Any]] = ()
    status_lists: Sequence[bytes] = ()
    lists_at: Mapping[str, bytes] = field(default_factory=dict)
    loader: ClosedLoader = field(default_factory=ClosedLoader)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What came out.

    Attributes:
        kind: what the document was judged as.
        findings: everything that is wrong, the gravest first; none when it is valid.
        methods: the keys that signed.
    """

    kind: str
    form: str
    issuer: str | None
    findings: tuple[Finding, ...]
    methods: tuple[Method, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    @property
    def retired_keys(self) -> tuple[str, ...]:
        """Names of keys that signed and have been replaced since."""
        return tuple(method.name for method in self.methods if method.standing == RETIRED)


def verify(presented: Presented, material: Material) -> Verdict:
    """Judge a credential or presentation."""
    document = presented.document
    if presented.envelope is None and _enveloped(document) is not None:
        return _verify_enveloped(presented, material)
    judged = check_model(document)
    methods, proof_problems = _proofs(presented, material, judged.kind)
    issuer = issuer_of(document)
    findings = [*judged.findings, *proof_problems, *_trust(document, methods, judged.kind)]
    if judged.kind == "presentation":
        findings += _held(document, material)
    else:
        findings += _times(document, material.at)
        lists = StatusLists(
            material.status_lists,
            at_url=material.lists_at,
            check=lambda listed: list(_list_problems(listed, material, owner=issuer)),
            at=material.at,
        )
        findings += status_problems(document, lists)
    return Verdict(
        kind=judged.kind,
        form=presented.form,
        issuer=issuer,
        findings=tuple(dict.fromkeys(findings)),
        methods=tuple(methods),
    )


def issuer_of(document: Mapping[str, Any]) -> str | None:
    """The issuer's (or a presentation's holder's) identifier."""
    found = document.get("issuer", document.get("holder"))
    name = found.get("id") if isinstance(found, dict) else found
    return name if isinstance(name, str) else None


def _proofs(
    presented: Presented, material: Material, kind: str
) -> tuple[list[Method], list[Finding]]:
    purposes = (AUTHENTICATE, ASSERT) if kind == "presentation" else (ASSERT,)
    try:
        if presented.envelope is not None:
            issuer = issuer_of(presented.document) or str(presented.envelope.claims.get("iss", ""))
            method = check_token(
                presented.envelope,
                did_documents=material.did_documents,
                at=material.at,
                issuer=issuer,
            )
            return [method], []
        if kind == "presentation" and "proof" not in presented.document:
            return [], []  # a presentation need not be secured; what it holds must be
        checked = check_proofs(
            presented.document,
            did_documents=material.did_documents,
            loader=material.loader,
            at=material.at,
            purposes=purposes,
        )
    except CredentialError as problem:
        return [], [_finding(problem)]
    return [proof.method for proof in checked], []


def _finding(problem: CredentialError) -> Finding:
    """A key that cannot be traced to the issuer is a matter of trust, not of the signature."""
    code = "issuer.untrusted" if problem.code in _UNTRUSTED else problem.code
    return Finding(code=code, place="$.proof", detail=problem.detail)


def _trust(document: Mapping[str, Any], methods: Sequence[Method], kind: str) -> Iterator[Finding]:
    """One of the proofs has to be the issuer's own; others may stand beside it."""
    owner = issuer_of(document)
    if not methods or (owner is None and kind == "presentation"):
        return
    if not any(owner in method.controllers for method in methods):
        sentence = f"nothing at hand says that the key {methods[0].name} is the issuer's"
        yield Finding(code="issuer.untrusted", place="$.issuer", detail=sentence)


def _times(document: Mapping[str, Any], at: datetime) -> Iterator[Finding]:
    for name in _STARTS:
        begins_at = instant_of(document.get(name))
        if begins_at is not None and at < begins_at:
            sentence = f"it is valid from {begins_at:%F %T} UTC on"
            yield Finding(code="not_yet_valid", place=f"$.{name}", detail=sentence)
    for name in _ENDS:
        ends_at = instant_of(document.get(name))
        if ends_at is not None and ends_at < at:
            sentence = f"it was valid until {ends_at:%F %T} UTC"
            yield Finding(code="expired", place=f"$.{name}", detail=sentence)


def _held(document: Mapping[str, Any], material: Material) -> Iterator[Finding]:
    for number, held in enumerate(held_credentials(dict(document))):
        inner = verify(Presented(form="json", document=held), material)
        for finding in inner.findings:
            place = f"$.verifiableCredential[{number}]{finding.place.removeprefix('$')}"
            yield Finding(code=finding.code, place=place, detail=finding.detail)


def _list_problems(
    listed: Presented, material: Material, *, owner: str | None
) -> Iterator[Finding]:
    """What is wrong with a status list credential.

    Anybody may sign a list that calls itself by the same address, so it must come from the
    credential's issuer or from somebody whose document was handed over.
    """
    methods, problems = _proofs(listed, material, "credential")
    yield from problems
    yield from _trust(listed.document, methods, "credential")
    issuer = issuer_of(listed.document)
    known = {document.get("id") for document in material.did_documents}
    if issuer != owner and issuer not in known:
        sentence = f"the list comes from {issuer}, who is not the credential's issuer"
        yield Finding(code="issuer.untrusted", place="$.issuer", detail=sentence)


def _enveloped(document: Mapping[str, Any]) -> str | None:
    """The token inside an enveloped credential or presentation."""
    types = document.get("type")
    listed = types if isinstance(types, list) else [types]
    address = document.get("id")
    if not {ENVELOPED_CREDENTIAL, ENVELOPED_PRESENTATION} & {str(one) for one in listed}:
        return None
    return address.partition(",")[2] if isinstance(address, str) else ""


def _verify_enveloped(presented: Presented, material: Material) -> Verdict:
    judged = check_model(presented.document)
    token = (_enveloped(presented.document) or "").encode("utf-8")
    try:
        inner = verify(read_presented(token), material)
    except CredentialError as problem:
        findings = (
            *judged.findings,
            Finding(code=problem.code, place="$.id", detail=problem.detail),
        )
        return Verdict(kind=judged.kind, form=presented.form, issuer=None, findings=findings)
    return Verdict(
        kind=judged.kind,
        form=presented.form,
        issuer=inner.issuer,
        findings=(*judged.findings, *inner.findings),
        methods=inner.methods,
    )
