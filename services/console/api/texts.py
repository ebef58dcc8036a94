"""The words of the pages: one catalogue a language, named placeholders, nothing glued together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_DIRECTORY = Path(__file__).resolve().parent.parent / "texts"

LANGUAGES = ("az", "en")
"""Languages the pages are written in; the first one is shown to whom we know nothing of."""

LANGUAGE_NAMES = {"az": "Azərbaycanca", "en": "English"}

PUBLIC_LANGUAGE_NAMES = LANGUAGE_NAMES | {"ru": "Русский", "ka": "ქართული"}
"""Languages of the public check of certificates; its catalogues hold what its pages need."""

_FALLBACK = "en"


@cache
def catalogue(language_code: str) -> Mapping[str, str]:
    """All texts of one language: key -> text."""
    texts: dict[str, str] = json.loads((_DIRECTORY / f"{language_code}.json").read_text("utf-8"))
    return texts


def text(language_code: str, key: str, **values: object) -> str:
    """One text.

    Raises:
        KeyError: no such text, or a value of it is missing.
    """
    found = catalogue(language_code).get(key) or catalogue(_FALLBACK)[key]
    return found.format_map(values) if values else found


def has_text(language_code: str, key: str) -> bool:
    """Whether there is such a text."""
    return key in catalogue(language_code) or key in catalogue(_FALLBACK)


def counted(language_code: str, key: str, count: int, **values: object) -> str:
    """A text with a number in it: ``<key>.one`` for 1, else ``<key>.many``."""
    form = "one" if count == 1 else "many"
    return text(language_code, f"{key}.{form}", count=number(language_code, count), **values)


def number(language_code: str, value: float, digits: int = 0) -> str:
    """A number as its readers write it: 1,284.5 or 1.284,5."""
    written = f"{value:,.{digits}f}"
    if language_code == "az":
        return written.translate(str.maketrans(",.", ".,"))
    if language_code in ("ru", "ka"):
        return written.translate(str.maketrans(",.", "\N{NO-BREAK SPACE},"))
    return written
