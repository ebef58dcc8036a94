"""The catalogues say the same in both languages, and everything that pages ask for."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import services.console
from services.console.api import dates, texts

ROOT = Path(services.console.__file__).parent


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert list(texts.catalogue("az")) == list(texts.catalogue("en"))


def test_both_languages_have_the_same_placeholders() -> None:
    en = texts.catalogue("en")
    for key, text in texts.catalogue("az").items():
        assert placeholders(text) == placeholders(en[key]), key
        assert text.strip() == text
        assert text, key


@pytest.mark.parametrize("language", ["ru", "ka"])
def test_languages_of_the_check_have_what_its_pages_name(language: str) -> None:
    own, en = texts.catalogue(language), texts.catalogue("en")
    needed = {key for key in en if key.startswith(("verify.", "certificate.kind.", "reason."))}
    assert needed - set(own) == set()
    assert set(own) - set(en) == set()
    assert [key for key in own if placeholders(own[key]) != placeholders(en[key])] == []


def _used() -> set[str]:
    found: set[str] = set()
    for file in [*ROOT.glob("templates/**/*.html"), *ROOT.glob("api/*.py")]:
        source = file.read_text("utf-8")
        found |= set(re.findall(r'\b(?:t|both|label)\("([a-z_.0-9]+)"(?! ?~)', source))
        found |= set(re.findall(r't_in\(other, "([a-z_.0-9]+)"(?! ?~)', source))
        for key in re.findall(r'counted\("([a-z_.0-9]+)"', source):
            found |= {f"{key}.one", f"{key}.many"}
        found |= {f"done.{code}" for code in re.findall(r'done="([a-z_]+)"', source)}
    return found


def test_every_text_a_page_names_exists() -> None:
    assert len(_used()) > 250
    assert _used() - set(texts.catalogue("en")) == set()


def test_number_follows_the_language() -> None:
    assert texts.number("en", 1284.5, 1) == "1,284.5"
    assert texts.number("az", 1284.5, 1) == "1.284,5"


def test_count_of_one_has_its_own_form() -> None:
    assert texts.counted("en", "errors.on_page", 1) == "There is 1 error on this page"
    assert texts.counted("az", "errors.on_page", 2) == "Səhifədə 2 xəta var"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Thu 26 Nov 2026, 18:00 Baku (UTC+4)"),
        ("az", "26 noyabr 2026, cümə axşamı, 18:00 (Bakı, UTC+4)"),
    ],
)
def test_instant_is_written_with_its_zone(language: str, expected: str) -> None:
    assert dates.instant(language, "2026-11-26T14:00:00+00:00", "Asia/Baku") == expected


def test_span_names_the_year_once() -> None:
    assert dates.span("en", "2027-01-09", "2027-07-03") == "9 January to 3 July 2027"
    assert dates.span("az", "2026-12-09", "2027-07-03") == "9 dekabr 2026 – 3 iyul 2027"


def test_russian_and_georgian_dates_and_numbers() -> None:
    assert dates.span("ru", "2027-01-09", "2027-07-03") == "9 января – 3 июля 2027"
    assert dates.day("ka", "2027-01-09") == "9 იანვარი, 2027"
    assert texts.number("ru", 1284.5, 1) == "1\N{NO-BREAK SPACE}284,5"


def test_half_hour_zones_keep_their_minutes() -> None:
    assert dates.instant("en", "2026-11-26T14:00:00+00:00", "Asia/Kolkata").endswith("(UTC+5:30)")


def test_countries_follow_the_azerbaijani_alphabet() -> None:
    names = [name for _, name in dates.countries("az")]
    assert names.index("Çin") < names.index("Ekvador") < names.index("Əfqanıstan")
    assert names.index("İran") < names.index("Yaponiya")
    assert "EU" not in dict(dates.countries("az"))
