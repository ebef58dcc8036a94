"""A Merkle tree over the records of a run: one hash stands for all of them, each is named.

Source: RFC 6962, section 2.1; leaves are SHA-256 of 0x00 and the record's canonical JSON, inner
nodes of 0x01 and both children.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from services.selection.domain.calibration.frozen import Sheets
from services.selection.domain.candidate import Candidate
from services.selection.domain.canonical import canonical_json


def record_of(candidate: Candidate) -> dict[str, Any]:
    """What of a candidate is hashed and shown: opaque id, country, scores, standings."""
    return {
        "id": candidate.application_id,
        "country": candidate.country_code,
        "scores": {
            "review_milli": candidate.scores.review_milli,
            "adjusted_milli": candidate.scores.adjusted_milli,
            "interview_milli": candidate.scores.interview_milli,
        },
        "standings": [
            {"cohort_id": s.cohort_id, "band": s.band, "score_milli": s.score_milli}
            for s in candidate.standings
        ],
    }


def sheets_record_of(sheets: Sheets) -> dict[str, Any]:
    """What of an application's sheets is hashed and shown: opaque id, points by reviewer's code."""
    return {"id": sheets.application_id, "milli": dict(sheets.milli)}


def leaf_hash(record: dict[str, Any]) -> str:
    """Hash of one record, hexadecimal."""
    return hashlib.sha256(b"\0" + canonical_json(record).encode()).hexdigest()


def root_hash(leaves: Sequence[str]) -> str:
    """Hash of the tree over leaves in their order, hexadecimal."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    return _root([bytes.fromhex(leaf) for leaf in leaves]).hex()


def inputs_root(candidates: Iterable[Candidate]) -> str:
    """Hash of the tree over everybody, in the order of their ids."""
    ordered = sorted(candidates, key=lambda candidate: candidate.application_id)
    return root_hash([leaf_hash(record_of(candidate)) for candidate in ordered])


def sheets_root(sheets: Iterable[Sheets]) -> str:
    """Hash of the tree over all sheets of a cohort, in the order of applications."""
    ordered = sorted(sheets, key=lambda one: one.application_id)
    return root_hash([leaf_hash(sheets_record_of(one)) for one in ordered])


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1  # the largest power of two below the count
    both = b"\1" + _root(leaves[:half]) + _root(leaves[half:])
    return hashlib.sha256(both).digest()
