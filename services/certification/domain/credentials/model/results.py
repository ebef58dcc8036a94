"""Results of an Open Badge against the result descriptions they name (B.1.16 to B.1.18)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from services.certification.domain.credentials.problems import Finding, Path, model_finding


def result_findings(subject: dict[str, Any], at: Path) -> Iterator[Finding]:
    """Results that do not fit what the achievement describes, and descriptions that contradict
    themselves."""
    achievement = subject.get("achievement")
    described = _objects(achievement, "resultDescription")
    for number, description in described:
        place = (*at, "achievement", "resultDescription", number)
        yield from _description(description, place)
    by_id = {
        description["id"]: description
        for _, description in described
        if isinstance(description.get("id"), str)
    }
    for number, result in _objects(subject, "result"):
        wanted = result.get("resultDescription")
        place = (*at, "result", number)
        if wanted is None:
            continue
        if not isinstance(wanted, str) or wanted not in by_id:
            yield model_finding(
                (*place, "resultDescription"), "the achievement describes no such result"
            )
        else:
            yield from _result(result, by_id[wanted], place)


def _description(description: dict[str, Any], at: Path) -> Iterator[Finding]:
    levels = _level_ids(description)
    required = description.get("requiredLevel")
    if isinstance(required, str) and required not in levels:
        yield model_finding((*at, "requiredLevel"), "this is none of the rubric's levels")
    yield from _value(description.get("requiredValue"), description, (*at, "requiredValue"))


def _result(result: dict[str, Any], description: dict[str, Any], at: Path) -> Iterator[Finding]:
    if description.get("resultType") == "Status" and "status" not in result:
        yield model_finding((*at, "status"), "a result of type Status has a status")
    achieved = result.get("achievedLevel")
    if isinstance(achieved, str) and achieved not in _level_ids(description):
        yield model_finding((*at, "achievedLevel"), "this is none of the rubric's levels")
    yield from _value(result.get("value"), description, (*at, "value"))


def _value(value: Any, description: dict[str, Any], at: Path) -> Iterator[Finding]:
    if not isinstance(value, str):
        return
    allowed = description.get("allowedValue")
    if isinstance(allowed, list) and allowed and value not in allowed:
        yield model_finding(at, f"{value!r} is none of the allowed values")
    number = _number(value)
    least, most = _number(description.get("valueMin")), _number(description.get("valueMax"))
    if number is not None and (
        (least is not None and number < least) or (most is not None and number > most)
    ):
        yield model_finding(at, f"{value!r} lies outside the described range")


def _level_ids(description: dict[str, Any]) -> set[Any]:
    return {
        level["id"]
        for _, level in _objects(description, "rubricCriterionLevel")
        if isinstance(level.get("id"), str)
    }


def _objects(owner: Any, name: str) -> list[tuple[int, dict[str, Any]]]:
    found = owner.get(name) if isinstance(owner, dict) else None
    listed = found if isinstance(found, list) else []
    return [(number, item) for number, item in enumerate(listed) if isinstance(item, dict)]


def _number(text: Any) -> float | None:
    try:
        return float(text) if isinstance(text, str) else None
    except ValueError:
        return None
