"""The rules of one cohort as versioned data, frozen before anybody is judged by them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.selection import RuleSetFrozen
from services.selection.domain.canonical import canonical_json, sha256_of
from services.selection.domain.rules import Rules, read_rules


@dataclass(kw_only=True)
class RuleSet(Aggregate):
    """A cohort's eligibility, rubrics, quotas and tie rule.

    Rules
      R1  a document is taken only when ``read_rules`` finds nothing wrong with it
      R2  it can be revised until it is frozen, never after
      R3  it is frozen at first use: when the call for its cohort opens, or by hand before

    Attributes:
        ruleset_version: 1 for the first document, one more with each revision.
        document: canonical JSON.
        sha256: hash of ``document``.
    """

    ruleset_id: str
    cohort_id: str
    country_code: str
    ruleset_version: int = 1
    document: str
    sha256: str
    frozen_at: datetime | None = None

    @staticmethod
    def id_for(cohort_id: str) -> str:
        """Each cohort has one rule set."""
        return derived_id("ruleset", cohort_id)

    @classmethod
    def draft(cls, *, cohort_id: str, country_code: str, document: dict[str, Any]) -> RuleSet:
        """A first version.

        Raises:
            InvalidBody, RuleViolation: as ``read_rules``.
        """
        read_rules(document, cohort_id=cohort_id)
        return cls(
            ruleset_id=cls.id_for(cohort_id),
            cohort_id=cohort_id,
            country_code=country_code,
            document=canonical_json(document),
            sha256=sha256_of(document),
        )

    @property
    def rules(self) -> Rules:
        """The document as rules."""
        return _read(self.document, self.cohort_id)

    def revise(self, document: dict[str, Any]) -> None:
        """Replace the document by the next version.

        Raises:
            RuleViolation: ``ruleset.frozen``; or as ``read_rules``.
        """
        self._require_draft()
        read_rules(document, cohort_id=self.cohort_id)
        self.document, self.sha256 = canonical_json(document), sha256_of(document)
        self.ruleset_version += 1

    def freeze(self, *, now: datetime) -> None:
        """Change no more; records ``RuleSetFrozen``.

        Raises:
            RuleViolation: ``ruleset.frozen``.
        """
        self._require_draft()
        self.frozen_at = now
        self.record(
            RuleSetFrozen(
                ruleset_id=self.ruleset_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                ruleset_version=self.ruleset_version,
                sha256=self.sha256,
                frozen_at=now,
            )
        )

    def use(self, *, now: datetime) -> None:
        """Judge people by it: the first use freezes it, later ones change nothing (R3)."""
        if self.frozen_at is None:
            self.freeze(now=now)

    def _require_draft(self) -> None:
        if self.frozen_at is not None:
            raise RuleViolation(
                "ruleset.frozen", f"this rule set has been in use since {self.frozen_at:%F %R} UTC"
            )


@lru_cache(maxsize=64)
def _read(document: str, cohort_id: str) -> Rules:
    return read_rules(json.loads(document), cohort_id=cohort_id)
