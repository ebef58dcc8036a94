"""The public lottery that decides between equal scores: nobody can choose its outcome.

Before the call closes the centre publishes the hash of a secret and names a public value that
nobody knows yet (a state lottery draw, a beacon round). Afterwards secret, public value and the
pool of applicants give the seed, and the seed gives everybody one number. Whoever is added or
removed later changes nobody else's number, because each depends on the seed and one id only.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from chassis.errors import RuleViolation

_TAG = "rtcm.selection.lottery.v1"


def commitment_sha256(secret: str) -> str:
    """What is published before the call closes: SHA-256 of the secret, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def pool_sha256(applicant_ids: Iterable[str]) -> str:
    """Hash of everybody who takes part: their ids sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(applicant_ids)).encode()).hexdigest()


def lottery_seed(secret: str, public_value: str, pool: str) -> bytes:
    """Seed of all numbers: SHA-256 of ``tag|secret|public value|pool hash``, 32 bytes.

    Raises:
        RuleViolation: ``lottery.secret_ambiguous``; the secret holds the separator, so two
            different inputs could give one seed.
    """
    if "|" in secret:
        raise RuleViolation("lottery.secret_ambiguous", "the secret must not contain '|'")
    return hashlib.sha256(f"{_TAG}|{secret}|{public_value}|{pool}".encode()).digest()


def lottery_number(seed: bytes, applicant_id: str) -> int:
    """One person's number, 0 to 2**256 - 1; lower is better (HMAC-SHA-256 of the id)."""
    return int.from_bytes(hmac.digest(seed, applicant_id.encode(), "sha256"), "big")
