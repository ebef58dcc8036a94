"""A person, by an opaque id: what we may know of them, under a key of their own."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class PersonalDetails:
    """Who somebody is; exists in clear only while it is worked with.

    Attributes:
        legal_name: as in the passport, in Latin letters; stands on certificates.
        native_name: in the person's own script.
        phone: international form.
    """

    legal_name: str
    email: str
    native_name: str | None = None
    phone: str | None = None
    birth_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a person agreed to, and when."""

    purpose_code: str
    given_at: datetime


class SubjectStatus(StrEnum):
    """Whether we still know the person."""

    KNOWN = "known"
    ERASED = "erased"


@dataclass(kw_only=True)
class Subject(Aggregate):
    """The vault's entry of one person. Announces nothing: personal data stay here.

    Rules
      R1  personal details exist only sealed under the person's own key
      R2  an address is known by its keyed hash alone; no two living entries share one
      R3  an erased entry keeps its id and country, so that nothing brings the person back
      R4  from the start a day is set on which the person is forgotten

    Attributes:
        sealed: ``PersonalDetails`` under the person's key; ``None`` once erased.
        address_key: keyed hash of the folded e-mail address; ``None`` once erased.
    """

    subject_id: str
    country_code: str
    language_code: str
    language_codes: tuple[str, ...]
    sealed: str | None = None
    address_key: str | None = None
    consents: tuple[Consent, ...]
    retain_until_on: date
    status: SubjectStatus = SubjectStatus.KNOWN
    registered_at: datetime

    @classmethod
    def register(
        cls,
        *,
        subject_id: str,
        country_code: str,
        language_code: str,
        sealed: str,
        address_key: str,
        consent_codes: tuple[str, ...],
        retain_until_on: date,
        now: datetime,
    ) -> Subject:
        """Take a person in (R1, R2, R4)."""
        return cls(
            subject_id=subject_id,
            country_code=country_code,
            language_code=language_code,
            language_codes=(language_code,),
            sealed=sealed,
            address_key=address_key,
            consents=_given(consent_codes, now),
            retain_until_on=retain_until_on,
            registered_at=now,
        )

    def correct(
        self,
        *,
        language_code: str,
        language_codes: tuple[str, ...],
        consent_codes: tuple[str, ...],
        sealed: str,
        address_key: str,
        now: datetime,
    ) -> None:
        """Replace what is known; consents given before keep their instant.

        Raises:
            NotFound: ``subject.erased``.
        """
        self.require_known()
        before = {consent.purpose_code: consent for consent in self.consents}
        self.language_code = language_code
        self.language_codes = language_codes
        self.consents = tuple(
            before.get(consent.purpose_code, consent) for consent in _given(consent_codes, now)
        )
        self.sealed = sealed
        self.address_key = address_key

    def require_known(self) -> str:
        """The sealed details.

        Raises:
            NotFound: ``subject.erased``.
        """
        if self.sealed is None:
            raise subject_erased()
        return self.sealed

    def erase(self) -> None:
        """Forget the person (R3). Repeating changes nothing."""
        self.status = SubjectStatus.ERASED
        self.sealed = None
        self.address_key = None
        self.language_codes = ()
        self.consents = ()


def subject_erased() -> NotFound:
    """What is said of a person who was forgotten."""
    return NotFound("subject.erased", "this person was forgotten at their wish; nothing is left")


def folded_address(email: str) -> str:
    """An e-mail address as it is compared: people write capitals and spaces as they like."""
    folded = unicodedata.normalize("NFKC", email.strip()).casefold()
    # "İ" folds to "i" and a combining dot that no mail server tells apart.
    return folded.replace("i\u0307", "i")


def _given(purpose_codes: tuple[str, ...], now: datetime) -> tuple[Consent, ...]:
    return tuple(Consent(purpose_code=code, given_at=now) for code in sorted(set(purpose_codes)))
