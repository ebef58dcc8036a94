"""Whose name stands above a certificate, and who signs below."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.access import CENTRE
from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from chassis.ids import derived_id
from chassis.language_map import LanguageMap
from services.certification.domain.content import Signatory

_MOST_SIGNATORIES = 3


@dataclass(kw_only=True)
class Letterhead(Aggregate):
    """The names and signatories on certificates of one country, or of the centre.

    Rules
      R1  one to three signatories, each with an office in English
      R2  certificates that were issued keep what they were issued with
    """

    letterhead_id: str
    country_code: str
    centre_names: LanguageMap
    signatories: tuple[Signatory, ...]

    def change(self, *, centre_names: LanguageMap, signatories: tuple[Signatory, ...]) -> None:
        """Use other names from now on (R2).

        Raises:
            RuleViolation: ``letterhead.signatories`` or ``letterhead.language_missing`` (R1).
        """
        if not 1 <= len(signatories) <= _MOST_SIGNATORIES:
            raise RuleViolation(
                "letterhead.signatories", f"one to {_MOST_SIGNATORIES} signatories fit on the page"
            )
        for texts in (centre_names, *(signatory.titles for signatory in signatories)):
            if "en" not in texts:
                raise RuleViolation("letterhead.language_missing", "each text needs English")
        self.centre_names, self.signatories = centre_names, signatories


def letterhead_id_of(country_code: str) -> str:
    """The id of a country's one letterhead."""
    return derived_id("letterhead", country_code)


def centre_letterhead(country_code: str = CENTRE) -> Letterhead:
    """The centre's own, until somebody sets another: the name of whoever signs is left blank."""
    return Letterhead(
        letterhead_id=letterhead_id_of(country_code),
        country_code=country_code,
        centre_names={
            "az": "Miqrasiya üzrə Regional Tədris Mərkəzi",
            "en": "Regional Training Centre on Migration",
            "ka": "მიგრაციის რეგიონული სასწავლო ცენტრი",
            "ru": "Региональный учебный центр по вопросам миграции",
        },
        signatories=(
            Signatory(
                name="",
                titles={
                    "az": "Mərkəzin rəhbəri",
                    "en": "Head of the Centre",
                    "ka": "ცენტრის ხელმძღვანელი",
                    "ru": "Руководитель центра",
                },
            ),
        ),
    )
