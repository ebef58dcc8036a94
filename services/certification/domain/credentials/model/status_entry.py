"""``credentialStatus``: of any method, and exactly of Bitstring Status List 1.0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from services.certification.domain.credentials.model.values import is_term, is_url
from services.certification.domain.credentials.problems import Finding, Path, model_finding

_NAME = "credentialStatus"
_INDEX = re.compile(r"0|[1-9]\d{0,17}")


def status_findings(document: dict[str, Any], at: Path) -> Iterator[Finding]:
    """4.10: one or more objects that each say their type; an id is a URL."""
    if _NAME not in document:
        return
    found = document[_NAME]
    if found == []:
        yield model_finding((*at, _NAME), f"{_NAME} is empty")
    for number, entry in enumerate(found if isinstance(found, list) else [found]):
        place = (*at, _NAME, number) if isinstance(found, list) else (*at, _NAME)
        problem = _problem(entry)
        if problem:
            yield model_finding(place, problem)


def _problem(entry: Any) -> str | None:
    if not isinstance(entry, dict):
        return "a status is an object"
    types = entry.get("type")
    listed = types if isinstance(types, list) else [types]
    if not listed or not all(is_term(item) for item in listed):
        return "a status says its type"
    if "id" in entry and not is_url(entry["id"]):
        return "the status's id is not one absolute URL"
    return _bitstring_problem(entry) if "BitstringStatusListEntry" in listed else None


def _bitstring_problem(entry: dict[str, Any]) -> str | None:
    purpose = entry.get("statusPurpose")
    index = entry.get("statusListIndex")
    size = entry.get("statusSize", 1)
    if not isinstance(purpose, str) or not purpose:
        return "statusPurpose is missing"
    if not isinstance(index, str) or _INDEX.fullmatch(index) is None:
        return "statusListIndex is no whole number written as a text"
    if not is_url(entry.get("statusListCredential")):
        return "statusListCredential is no absolute URL"
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        return "statusSize is no positive whole number"
    if purpose == "message" and not _messages_hold(entry.get("statusMessage"), size):
        return "statusMessage does not give a message for each value"
    return None


def _messages_hold(messages: Any, size: int) -> bool:
    return (
        isinstance(messages, list)
        and size <= 16  # more messages than a list has entries
        and len(messages) == 2**size
        and all(
            isinstance(one, dict)
            and re.fullmatch(r"0x[0-9a-fA-F]+", str(one.get("status"))) is not None
            and isinstance(one.get("message"), str)
            for one in messages
        )
    )
