"""Who somebody is, as typed into a page: read, and every wrong field named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.console.domain.filled import Fields

_MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_LONGEST_NAME = 300


@dataclass(frozen=True)
class TypedPerson:
    """What was typed.

    Attributes:
        problems: field -> code of the catalogue (``person.<code>``).
    """

    legal_name: str
    native_name: str
    email: str
    country_code: str
    language_code: str
    agreed: bool
    problems: Mapping[str, str]

    def as_body(self) -> dict[str, Any]:
        """For registration: who it is and how to write to them."""
        return {
            "legal_name": self.legal_name,
            "native_name": self.native_name or None,
            "email": self.email,
            "language_code": self.language_code,
        }


def typed_person(
    fields: Fields, *, language_codes: tuple[str, ...], asks_country: bool, asks_consent: bool
) -> TypedPerson:
    """Read a person; names keep their letters and lose only needless spaces."""
    legal_name = " ".join(fields.get("legal_name", "").split())
    email = fields.get("email", "").strip()
    country_code = fields.get("country_code", "")
    language_code = fields.get("language_code", "")
    agreed = fields.get("agreed", "") == "yes"
    problems: dict[str, str] = {}
    if not 2 <= len(legal_name) <= _LONGEST_NAME or not legal_name.isprintable():
        problems["legal_name"] = "name"
    if len(email) > 254 or not _MAIL.fullmatch(email):
        problems["email"] = "mail"
    if asks_country and not re.fullmatch(r"[A-Z]{2}", country_code):
        problems["country_code"] = "country"
    if language_code not in language_codes:
        problems["language_code"] = "language"
    if asks_consent and not agreed:
        problems["agreed"] = "agreed"
    return TypedPerson(
        legal_name=legal_name,
        native_name=" ".join(fields.get("native_name", "").split())[:_LONGEST_NAME],
        email=email,
        country_code=country_code,
        language_code=language_code,
        agreed=agreed,
        problems=problems,
    )
