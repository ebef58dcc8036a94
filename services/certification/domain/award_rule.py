"""The rule of a cohort's award: every version frozen once published."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from contracts.certification import AwardRulePublished
from services.certification.domain.awarding.terms import AwardTerms


@dataclass(frozen=True, kw_only=True)
class RuleVersion:
    """Published terms; never changed."""

    rule_version: int
    terms: AwardTerms
    sha256: str
    published_at: datetime


@dataclass(kw_only=True)
class AwardRule(Aggregate):
    """What the participants of one cohort must fulfil.

    Rules
      R1  terms must be applicable: at least one grade, each asking for something
      R2  a published version is never changed; other terms are a new version
      R3  the terms in force are not published again
    """

    award_rule_id: str
    cohort_id: str
    country_code: str
    versions: tuple[RuleVersion, ...] = field(default=())

    @classmethod
    def for_cohort(cls, *, cohort_id: str, country_code: str) -> AwardRule:
        """The rule of a cohort, still without terms."""
        return cls(
            award_rule_id=award_rule_id_of(cohort_id),
            cohort_id=cohort_id,
            country_code=country_code,
        )

    @property
    def current(self) -> RuleVersion:
        """The version in force.

        Raises:
            RuleViolation: ``award_rule.unpublished``.
        """
        if not self.versions:
            raise RuleViolation("award_rule.unpublished", "the cohort has no award rule yet")
        return self.versions[-1]

    def publish(self, terms: AwardTerms, *, now: datetime) -> None:
        """Put terms in force as the next version; records ``AwardRulePublished``.

        Raises:
            RuleViolation: ``award_rule.unchanged`` (R3), or a code of ``AwardTerms.check`` (R1).
        """
        terms.check()
        sha256 = terms.sha256()
        if self.versions and self.versions[-1].sha256 == sha256:
            raise RuleViolation("award_rule.unchanged", "these terms are in force already")
        version = RuleVersion(
            rule_version=len(self.versions) + 1, terms=terms, sha256=sha256, published_at=now
        )
        self.versions = (*self.versions, version)
        self.record(
            AwardRulePublished(
                award_rule_id=self.award_rule_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                rule_version=version.rule_version,
                sha256=sha256,
                published_at=now,
            )
        )


def award_rule_id_of(cohort_id: str) -> str:
    """The id of a cohort's one award rule."""
    return derived_id("award_rule", cohort_id)
