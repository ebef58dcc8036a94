"""What the centre offers, edition after edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from contracts.registration import ProgrammePublished

GCM_OBJECTIVES = range(1, 24)
"""Objectives of the Global Compact for Safe, Orderly and Regular Migration."""
SDGS = range(1, 18)
"""Sustainable Development Goals."""


@dataclass(kw_only=True)
class Programme(Aggregate):
    """A programme that was made public: the Migration School, a regional course.

    Rules
      R1  titles and descriptions are there in Azerbaijani and English
      R2  objectives of the compact are 1-23, development goals 1-17, each named once
    """

    programme_id: str
    country_code: str
    code: str
    titles: LanguageMap
    descriptions: LanguageMap
    gcm_objectives: tuple[int, ...]
    sdgs: tuple[int, ...]
    organisation_codes: tuple[str, ...]
    published_at: datetime

    @classmethod
    def publish(
        cls,
        *,
        programme_id: str,
        country_code: str,
        code: str,
        titles: LanguageMap,
        descriptions: LanguageMap,
        gcm_objectives: tuple[int, ...],
        sdgs: tuple[int, ...],
        organisation_codes: tuple[str, ...],
        now: datetime,
    ) -> Programme:
        """Make it public; records ``ProgrammePublished``.

        Raises:
            RuleViolation: ``programme.text_missing`` (R1), ``programme.goal_unknown`` (R2).
        """
        require_languages("programme", titles, descriptions)
        _require_goals("objective", gcm_objectives, GCM_OBJECTIVES)
        _require_goals("goal", sdgs, SDGS)
        programme = cls(
            programme_id=programme_id,
            country_code=country_code,
            code=code,
            titles=titles,
            descriptions=descriptions,
            gcm_objectives=gcm_objectives,
            sdgs=sdgs,
            organisation_codes=organisation_codes,
            published_at=now,
        )
        programme.record(
            ProgrammePublished(
                programme_id=programme_id,
                country_code=country_code,
                code=code,
                titles=titles,
                gcm_objectives=gcm_objectives,
                sdgs=sdgs,
                published_at=now,
            )
        )
        return programme


def require_languages(subject: str, *texts: LanguageMap) -> None:
    """Refuse texts that are not there in Azerbaijani and English.

    Raises:
        RuleViolation: ``<subject>.text_missing``.
    """
    for text in texts:
        missing = [code for code in ("az", "en") if not text.get(code, "").strip()]
        if missing:
            raise RuleViolation(f"{subject}.text_missing", f"a text in {missing[0]} is missing")


def _require_goals(noun: str, goals: tuple[int, ...], known: range) -> None:
    if len(set(goals)) != len(goals) or not set(goals) <= set(known):
        raise RuleViolation(
            "programme.goal_unknown", f"each {noun} is one of {known[0]}-{known[-1]}, named once"
        )
