"""A certificate's content in words: all that the layout sets, language by language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chassis.errors import RuleViolation
from chassis.language_map import LanguageMap
from services.certification.domain.content import CertificateContent

LAYOUTS = Path(__file__).parent / "layouts"


@cache
def wording(layout_version: int) -> dict[str, Any]:
    """Language code -> texts of a layout.

    Raises:
        RuleViolation: ``certificate.layout_unknown``.
    """
    path = LAYOUTS / f"v{layout_version}" / "wording.json"
    if not path.is_file():
        raise RuleViolation("certificate.layout_unknown", f"there is no layout {layout_version}")
    texts: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return texts


def paper_languages(
    language_code: str,
    titles: LanguageMap,
    centre_names: LanguageMap,
    *,
    layout_version: int,
) -> tuple[str, ...]:
    """The one or two languages of a paper: the cohort's own, then English, then Azerbaijani.

    Raises:
        RuleViolation: ``certificate.language_missing``: no language has all texts.
    """
    known = wording(layout_version)
    wanted = dict.fromkeys((language_code, "en", "az", *titles))
    found = [code for code in wanted if code in known and code in titles and code in centre_names]
    if not found:
        raise RuleViolation("certificate.language_missing", "no language has all texts")
    return tuple(found[:2])


def page_texts(
    content: CertificateContent, *, qr_svg: str, keywords: Sequence[str] = ()
) -> dict[str, Any]:
    """The JSON object the layout reads.

    Raises:
        RuleViolation: ``certificate.layout_unknown``, or ``certificate.language_unknown``: the
            layout has no texts in a language of the certificate.
    """
    known = wording(content.template_version)
    unknown = [code for code in content.language_codes if code not in known]
    if unknown or not content.language_codes:
        raise RuleViolation(
            "certificate.language_unknown", f"the layout does not speak {', '.join(unknown)}"
        )
    issued_on = content.issued_at.date()
    languages = [_language(content, code, known[code]) for code in content.language_codes]
    link = urlsplit(content.verify_url)
    return {
        "document_title": f"{languages[0]['title']} {content.serial}",
        "issued_on": typst_date(issued_on),
        "keywords": list(keywords),
        "holder_name": content.holder_name,
        "serial": content.serial,
        "languages": languages,
        "signatories": [
            {
                "name": signatory.name,
                "titles": [
                    {"code": code, "text": signatory.titles[code]}
                    for code in content.language_codes
                    if code in signatory.titles
                ],
            }
            for signatory in content.signatories
        ],
        "verify_url": content.verify_url,
        "verify_host": f"{link.netloc}{link.path.rpartition('/')[0]}",
        "check_code": link.path.rpartition("/")[2],
        "qr_svg": qr_svg,
        "qr_alternative": f"{languages[0]['verify_label']}: {content.verify_url}",
    }


def typst_date(day: date) -> dict[str, int]:
    """A date as typst's ``datetime`` takes it."""
    return {"year": day.year, "month": day.month, "day": day.day}


def _language(content: CertificateContent, code: str, words: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "centre_name": content.centre_names[code],
        "title": words["title"][content.kind_code],
        "certifies": words["certifies"],
        "deed": words["deed"][content.kind_code].format(title=content.titles[code]),
        "period": _period(content.starts_on, content.ends_on, words),
        "duration": _duration(content.minutes, words),
        "issued_label": words["issued"],
        "issued": _date(content.issued_at.date(), words),
        "serial_label": words["serial"],
        "verify_label": words["verify"],
    }


def _period(starts_on: date, ends_on: date, words: dict[str, Any]) -> str:
    if starts_on == ends_on:
        return _date(starts_on, words)
    return f"{_date(starts_on, words)} – {_date(ends_on, words)}"


def _date(day: date, words: dict[str, Any]) -> str:
    text: str = words["date"].format(
        day=day.day, month=words["months"][day.month - 1], year=day.year
    )
    return text


def _duration(minutes: int, words: dict[str, Any]) -> str:
    hours, rest = divmod(minutes, 60)
    hour, minute = ("hour" if hours == 1 else "hours"), ("minute" if rest == 1 else "minutes")
    texts = [words[hour].format(hours=hours)] if hours or not rest else []
    texts += [words[minute].format(minutes=rest)] if rest else []
    return " ".join(texts)
