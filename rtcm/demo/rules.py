"""Rules of the school as data: who may apply, how they are scored, what a certificate asks.

Levels and fields of study are the centre's (``facts.json``). Weights, anchors, shares and the rule
of the certificate are ours: the public documents name criteria, not numbers.
"""

from __future__ import annotations

from typing import Any

SEATS = 24
INTERVIEW_PLACES = 48

_TITLES = {
    "motivation": ("Motivasiya", "Motivation"),
    "ideas": ("Öz ideyaları", "Own ideas"),
    "world_view": ("Dünyagörüşü", "World view"),
    "logical_thinking": ("Məntiqi düşüncə", "Logical thinking"),
    "foreign_languages": ("Xarici dillər", "Foreign languages"),
}

_LANGUAGE_LEVELS = (("a1", 10), ("a2", 25), ("b1", 45), ("b2", 65), ("c1", 85), ("c2", 100))

OTHER_LEVELS = ("secondary-school", "bachelor-first-years")
OTHER_FIELDS = ("engineering", "medicine")


def codes(words: list[str]) -> list[str]:
    """Codes from the facts' words."""
    return [word.replace(" ", "-") for word in words]


def selection_rules(edition: dict[str, Any]) -> dict[str, Any]:
    """The rule set document of the school."""
    levels, fields = codes(edition["levels"]), codes(edition["fields_of_study"])
    return {
        "questions": [
            {"code": "degree_level", "kind": "option", "options": [*levels, *OTHER_LEVELS]},
            {"code": "field_of_study", "kind": "option", "options": [*fields, *OTHER_FIELDS]},
        ],
        "eligibility": {
            "code": "target_group",
            "texts": _texts(
                "Hədəf qrupuna aiddir", "belongs to the target group", "относится к целевой группе"
            ),
            "all": [
                {
                    "code": "level",
                    "texts": _texts(
                        "Bakalavrın son kursu və ya yeni məzun",
                        "final year of a bachelor's degree, or a recent graduate",
                        "последний курс бакалавриата или недавний выпуск",
                    ),
                    "question": "degree_level",
                    "includes": levels,
                },
                {
                    "code": "field",
                    "texts": _texts(
                        "Məktəbin nəzərdə tutduğu ixtisaslardan biri",
                        "one of the fields of study the school is for",
                        "одна из специальностей, для которых создана школа",
                    ),
                    "question": "field_of_study",
                    "includes": fields,
                },
            ],
        },
        "review": {
            "reviews_per_application": 2,
            "third_review_above_points": 100,
            "criteria": [_criterion("motivation", 600), _criterion("ideas", 400)],
        },
        "shortlist": {"places": INTERVIEW_PLACES, "minimum_points": 0},
        "interview": {
            "panel_minimum": 2,
            "criteria": [
                _criterion("world_view", 300),
                _criterion("logical_thinking", 300),
                _criterion("foreign_languages", 400, _LANGUAGE_LEVELS),
            ],
        },
        "score": {"review_permille": 400, "interview_permille": 600},
        "quotas": {"seats": SEATS},
        "offers": {"answer_hours": 96},
    }


def award_terms(parts: list[str]) -> dict[str, Any]:
    """What the school's certificate asks: our numbers, the centre publishes none."""
    return {
        "grades": [
            {
                "kind_code": "completion",
                "overall": {"percent": 80},
                "parts": [{"part_code": part, "hours": {"percent": 60}} for part in parts],
                "required_trainings": [{"training_code": "pra-10", "percent": 100}],
            }
        ],
        "excused": "not_counted",
        "refuses_unrecorded": True,
        "confirmation": "automatic",
        "hold_minutes": 24 * 60,
    }


def course_terms() -> dict[str, Any]:
    """What the regional course's certificate asks."""
    return {
        "grades": [{"kind_code": "participation", "overall": {"percent": 66}}],
        "confirmation": "automatic",
        "hold_minutes": 60,
    }


def _texts(az: str, en: str, ru: str | None = None) -> dict[str, str]:
    return {"az": az, "en": en} | ({"ru": ru} if ru else {})


def _criterion(
    code: str, weight: int, levels: tuple[tuple[str, int], ...] | None = None
) -> dict[str, Any]:
    points = levels or (("weak", 20), ("fair", 50), ("strong", 80), ("outstanding", 100))
    return {
        "code": code,
        "titles": _texts(*_TITLES[code]),
        "weight_permille": weight,
        "anchored_only": levels is not None,
        "anchors": [
            {"code": name, "points": value, "texts": _texts(name.upper(), name.upper())}
            for name, value in points
        ],
    }
