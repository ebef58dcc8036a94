"""Texts shown to people: one per language."""

from __future__ import annotations

from collections.abc import Mapping

LanguageMap = Mapping[str, str]
"""BCP 47 language code -> text, for example ``{"az": "...", "en": "..."}``."""

_FALLBACK = {"ky": "ru", "kk": "ru", "uz": "ru", "tg": "ru", "be": "ru", "uk": "ru"}


def text_in(texts: LanguageMap, language_code: str) -> tuple[str, str]:
    """The text in a language, or the nearest there is.

    Returns:
        The text and the code of the language it is really in, for the ``lang`` attribute.

    Raises:
        ValueError: the map is empty.
    """
    for code in (language_code, _FALLBACK.get(language_code, "en"), "en", "az"):
        if code in texts:
            return texts[code], code
    for code, text in texts.items():
        return text, code
    raise ValueError("a text has no language at all")
