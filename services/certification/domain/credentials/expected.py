"""What who asks for a verification expects of the proofs, beside that they hold.

Source: W3C Data Integrity 1.0, section 4.4: ``expectedProofPurpose``, ``domain``, ``challenge``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.certification.domain.credentials.problems import Finding

_MEMBERS = {"expectedProofPurpose": "proofPurpose", "domain": "domain", "challenge": "challenge"}
_CODES = {
    "proofPurpose": "proof.wrong_purpose",
    "domain": "proof.wrong_domain",
    "challenge": "proof.wrong_challenge",
}


def unmet(document: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[Finding]:
    """Members of proofs that are not what ``options`` asks for."""
    found = document.get("proof", [])
    proofs = found if isinstance(found, list) else [found]
    for option, member in _MEMBERS.items():
        if options.get(option) is None:
            continue
        for proof in proofs:
            said = proof.get(member) if isinstance(proof, Mapping) else None
            if _values(said) != _values(options[option]):
                sentence = f"{member} of the proof is not the one that was asked for"
                yield Finding(code=_CODES[member], place=f"$.proof.{member}", detail=sentence)


def _values(value: Any) -> list[Any]:
    """One text, or an unordered set of them."""
    return sorted(map(str, value)) if isinstance(value, list) else [value]
