"""The shape of embedded proofs (W3C Data Integrity 1.0, section 2.1); whether they hold is not
judged here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.certification.domain.credentials.model.values import instant_of, is_term, is_url
from services.certification.domain.credentials.problems import Finding, Path, model_finding


def proof_findings(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    """One or more objects, each with what its type needs."""
    if "proof" not in document:
        return
    found = document["proof"]
    if found == []:
        yield model_finding((*at, "proof"), "the list of proofs is empty")
    for number, proof in enumerate(found if isinstance(found, list) else [found]):
        place = (*at, "proof", number) if isinstance(found, list) else (*at, "proof")
        problem = _problem(proof)
        if problem:
            yield model_finding(place, problem)


def _problem(proof: Any) -> str | None:
    if not isinstance(proof, dict):
        return "a proof is an object"
    if not is_term(proof.get("type")):
        return "a proof says its type"
    for name in ("created", "expires"):
        # Data Integrity reads an instant without a zone as UTC.
        if name in proof and instant_of(proof[name], zone_needed=False) is None:
            return f"{name} of a proof is no date and time"
    if "id" in proof and not is_url(proof["id"]):
        return "the proof's id is no absolute URL"
    if proof["type"] == "DataIntegrityProof":
        return _data_integrity_problem(proof)
    return None


def _data_integrity_problem(proof: dict[str, Any]) -> str | None:
    for name in ("cryptosuite", "proofPurpose", "proofValue"):
        if not isinstance(proof.get(name), str) or not proof[name]:
            return f"{name} of a proof is missing"
    if not proof["proofValue"].startswith(("z", "u")):
        return "proofValue is not written in multibase z or u"
    method = proof.get("verificationMethod")
    if method is not None and not is_url(method):
        return "verificationMethod is no absolute URL"
    previous = proof.get("previousProof", [])
    listed = previous if isinstance(previous, list) else [previous]
    if not all(isinstance(one, str) for one in listed):
        return "previousProof names proofs by their ids"
    return None
