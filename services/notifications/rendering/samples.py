"""Plainly synthetic values, to preview templates with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from services.notifications.rendering.templates import Rendered, render

_TEXTS = {
    "az": {"name": "Nümunə Adı", "cohort": "Miqrasiya Məktəbi", "title": "Nümunə dərsi"},
    "en": {"name": "Sample Name", "cohort": "Migration School", "title": "Sample session"},
}
_MORNING = datetime(2021, 1, 9, 6, tzinfo=UTC)
_NOON = datetime(2021, 1, 9, 8, tzinfo=UTC)


def preview(type_code: str, language_code: str) -> Rendered:
    """A template filled with synthetic values.

    Raises:
        NotFound: ``template.not_found``.
    """
    return render(type_code, language_code, sample_values(language_code))


def sample_values(language_code: str) -> dict[str, Any]:
    """Every value any template names."""
    texts = _TEXTS.get(language_code, _TEXTS["en"])
    session = {"title": texts["title"], "starts_at": _MORNING, "ends_at": _NOON}
    instants = ("submitted_at", "amended_at", "withdrawn_at", "closes_at", "answer_by")
    return {
        **texts,
        **dict.fromkeys(instants, _NOON),
        "link": "https://console.example/me",
        "zone": "Asia/Baku",
        "starts_on": date(2021, 1, 9),
        "ends_on": date(2021, 7, 3),
        "delivery": "hybrid",
        "application_id": "00000000-0000-4000-8000-000000000001",
        "starts_at": _MORNING,
        "ends_at": _NOON,
        "previous_starts_at": _MORNING,
        "mode": "online",
        "room": "a-101",
        "rank": "3",
        "place_count": "3",
        "kind_code": "completion",
        "serial": "RTCM-2021-000001",
        "sessions": [session],
    }
