"""The registration form of the school, as the data a call carries."""

from __future__ import annotations

from typing import Any

from rtcm.demo.rules import OTHER_FIELDS, OTHER_LEVELS, codes

_LABELS = {
    "bachelor-final-year": ("Bakalavrın son kursu", "Bachelor, final year"),
    "recent-graduate": ("Yeni məzun", "Recent graduate"),
    "secondary-school": ("Orta məktəb", "Secondary school"),
    "bachelor-first-years": ("Bakalavr, ilk kurslar", "Bachelor, first years"),
    "law": ("Hüquq", "Law"),
    "political-science": ("Siyasi elmlər", "Political science"),
    "international-relations": ("Beynəlxalq münasibətlər", "International relations"),
    "regional-studies": ("Regionşünaslıq", "Regional studies"),
    "oriental-studies": ("Şərqşünaslıq", "Oriental studies"),
    "public-administration": ("Dövlət idarəetməsi", "Public administration"),
    "sociology": ("Sosiologiya", "Sociology"),
    "engineering": ("Mühəndislik", "Engineering"),
    "medicine": ("Tibb", "Medicine"),
    "en": ("İngilis dili", "English"),
    "ru": ("Rus dili", "Russian"),
    "tr": ("Türk dili", "Turkish"),
}


def school_form(edition: dict[str, Any]) -> dict[str, Any]:
    """Three sections: the person, studies, reasons."""
    levels = [*codes(edition["levels"]), *OTHER_LEVELS]
    fields = [*codes(edition["fields_of_study"]), *OTHER_FIELDS]
    return {
        "sections": [
            {
                "code": "person",
                "titles": _texts("Özünüz haqqında", "About you"),
                "questions": [
                    _question("phone", "phone", "Telefon", "Phone", personal=True),
                    _question("born_on", "date", "Doğum tarixi", "Date of birth", personal=True),
                    _question("residence", "country", "Yaşadığınız ölkə", "Country of residence"),
                ],
            },
            {
                "code": "studies",
                "titles": _texts("Təhsil", "Studies"),
                "questions": [
                    _question(
                        "degree_level", "single_choice", "Təhsil pilləsi", "Level of study", levels
                    ),
                    _question(
                        "field_of_study", "single_choice", "İxtisas", "Field of study", fields
                    ),
                    _question(
                        "graduated_year",
                        "number",
                        "Məzun olduğunuz il",
                        "Year of graduation",
                        visible_when={
                            "question_code": "degree_level",
                            "option_codes": ["recent-graduate"],
                        },
                        lowest=2010,
                        highest=2021,
                    ),
                    _question(
                        "languages",
                        "language_level",
                        "Xarici dillər",
                        "Foreign languages",
                        ["en", "ru", "tr"],
                    ),
                ],
            },
            {
                "code": "reasons",
                "titles": _texts("Niyə bu məktəb", "Why this school"),
                "questions": [
                    _question(
                        "motivation",
                        "long_text",
                        "Niyə qatılmaq istəyirsiniz",
                        "Why you want to take part",
                        longest=2000,
                    ),
                    _question(
                        "other_courses",
                        "yes_no",
                        "Miqrasiya üzrə başqa kursda olmusunuz",
                        "You have taken another course on migration",
                    ),
                ],
            },
        ]
    }


def nominee_form() -> dict[str, Any]:
    """A call by nomination asks its nominees one thing."""
    return {
        "sections": [
            {
                "code": "work",
                "titles": _texts("İş", "Work"),
                "questions": [_question("unit", "text", "Şöbə", "Unit", required=False)],
            }
        ]
    }


def _question(
    code: str, kind: str, az: str, en: str, options: list[str] | None = None, **more: Any
) -> dict[str, Any]:
    shown = [{"code": one, "labels": _texts(*_LABELS[one])} for one in options or ()]
    return {"code": code, "kind": kind, "labels": _texts(az, en), "options": shown, **more}


def _texts(az: str, en: str) -> dict[str, str]:
    return {"az": az, "en": en}
