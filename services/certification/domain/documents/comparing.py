"""A certificate that somebody shows against the one that was issued, fact by fact.

The words of the two files are laid side by side; what differs is named by the fact that it
belongs to, so that an edited hour or name is told as such, and not merely as "another file".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from services.certification.domain.content import CertificateContent
from services.certification.domain.documents.wording import page_texts

OTHER = "other"
"""Words that belong to no fact: headings, labels, what was added."""

_MEMBERS = {
    "validFrom": "issued_at",
    "titles": "titles",
    "name": "titles",
    "centreNames": "centre_names",
    "issuer": "centre_names",
    "creditedMinutes": "minutes",
    "serial": "serial",
    "verification": "check_code",
    "credentialSubject.identifier": "holder_name",
    "credentialSubject.activityStartDate": "period",
    "credentialSubject.activityEndDate": "period",
    "credentialSubject.achievement.name": "titles",
    "credentialSubject.achievement.achievementType": "kind_code",
}
"""Where the facts lie in a credential of ours; a path's longest beginning decides."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One fact that is not as issued; an empty text stands for nothing there.

    Attributes:
        fact: ``holder_name``, ``kind_code``, ``titles``, ``period``, ``minutes``, ``issued_at``,
            ``serial``, ``check_code``, ``centre_names``, ``signatories`` or ``other``.
    """

    fact: str
    issued: str
    presented: str


def differing_words(
    content: CertificateContent, *, issued: Sequence[str], presented: Sequence[str]
) -> tuple[Difference, ...]:
    """What the words of a shown document say otherwise than those of the issued one.

    Args:
        issued: words of the issued file, read the same way as those ``presented``.
    """
    spans = list(_spans(content, issued))
    changes = [
        change
        for change in SequenceMatcher(None, issued, presented, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    found: dict[tuple[str, int], Difference] = {}
    for _, first, last, theirs_first, theirs_last in changes:
        touched = [span for span in spans if span[1] < last and first < span[2]]
        for fact, start, end in touched:
            place = _opposite(changes, start, end)
            found[fact, start] = Difference(
                fact=fact,
                issued=" ".join(issued[start:end]),
                presented=" ".join(presented[slice(*place)]),
            )
        if not touched:
            inside = next((span for span in spans if span[1] < first < span[2]), None)
            fact, start, end = inside or (OTHER, first, last)
            place = _opposite(changes, start, end) if inside else (theirs_first, theirs_last)
            found[fact, start] = Difference(
                fact=fact,
                issued=" ".join(issued[start:end]),
                presented=" ".join(presented[slice(*place)]),
            )
    return tuple(found[key] for key in sorted(found, key=lambda key: key[1]))


def differing_members(
    issued: Mapping[str, Any], presented: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """What a shown credential says otherwise than the issued one; proofs and status are apart."""
    apart = ("proof", "credentialStatus")
    ours, theirs = (
        {name: value for name, value in one.items() if name not in apart}
        for one in (issued, presented)
    )
    pairs = _leaves(ours, theirs, "")
    return tuple(
        Difference(fact=_fact_of(path), issued=_said(left), presented=_said(right))
        for path, left, right in pairs
    )


def _spans(content: CertificateContent, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Fact, first word and the one behind its last, for every fact that is printed."""
    for fact, text in _printed(content):
        wanted = text.split()
        for start in range(len(words) - len(wanted) + 1 if wanted else 0):
            if list(words[start : start + len(wanted)]) == wanted:
                yield fact, start, start + len(wanted)


def _printed(content: CertificateContent) -> Iterator[tuple[str, str]]:
    page = page_texts(content, qr_svg="")
    yield "holder_name", page["holder_name"]
    yield "serial", page["serial"]
    yield "check_code", page["check_code"]
    for language in page["languages"]:
        yield "centre_names", language["centre_name"]
        yield "kind_code", language["title"]
        yield "titles", language["deed"]
        yield "period", language["period"]
        yield "minutes", language["duration"]
        yield "issued_at", language["issued"]
    for signatory in page["signatories"]:
        yield "signatories", signatory["name"]
        for title in signatory["titles"]:
            yield "signatories", title["text"]


def _opposite(
    changes: Sequence[tuple[str, int, int, int, int]], start: int, end: int
) -> tuple[int, int]:
    """Where the words ``start`` to ``end`` of the issued file lie in the shown one."""

    def shifted(place: int, *, is_end: bool) -> int:
        shift = 0
        for _, first, last, theirs_first, theirs_last in changes:
            if place < first or (place == first and not is_end):
                break
            if place <= last:
                return theirs_last if is_end else theirs_first
            shift = theirs_last - last
        return place + shift

    return shifted(start, is_end=False), shifted(end, is_end=True)


def _leaves(ours: Any, theirs: Any, path: str) -> Iterator[tuple[str, Any, Any]]:
    """Path and both values wherever two JSON values differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(ours.keys() | theirs.keys()):
            inner = f"{path}.{name}" if path else name
            yield from _leaves(ours.get(name), theirs.get(name), inner)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for left, right in zip(ours, theirs, strict=True):
            yield from _leaves(left, right, path)
    elif type(ours) is not type(theirs) or ours != theirs:
        yield path, ours, theirs


def _fact_of(path: str) -> str:
    known = [name for name in _MEMBERS if path == name or path.startswith(f"{name}.")]
    return _MEMBERS[max(known, key=len)] if known else path


def _said(value: Any) -> str:
    return "" if value is None else str(value)
