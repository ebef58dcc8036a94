"""The log of an online meeting: who was there, and what in it cannot be believed as it stands.

A meeting tool writes a line each time somebody joins: again after a restart or a lost line, once
for each device, under whatever name they typed. What is clear becomes evidence; the rest is named,
for a person to decide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.language_map import LanguageMap
from services.scheduling.domain.presence import Evidence, Interval, Mode, Source, merged


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """One line: a name was there from ``joined_at`` until ``left_at``; ``None`` if no end is told.

    Attributes:
        number: of the line in the file.
    """

    number: int
    name: str
    joined_at: datetime
    left_at: datetime | None


class Doubt(StrEnum):
    """Why a line says nothing that can be believed."""

    UNKNOWN_NAME = "unknown_name"
    SHARED_NAME = "shared_name"
    NO_END = "no_end"
    ENDS_BEFORE_START = "ends_before_start"


_SENTENCES: Mapping[Doubt, LanguageMap] = {
    Doubt.UNKNOWN_NAME: {
        "en": "{name}: nobody on the list has this name (lines {lines}).",
        "az": "{name}: siyahıda bu adda iştirakçı yoxdur (sətirlər: {lines}).",
    },
    Doubt.SHARED_NAME: {
        "en": "{name}: several people on the list have this name (lines {lines}).",
        "az": "{name}: siyahıda bu adda bir neçə iştirakçı var (sətirlər: {lines}).",
    },
    Doubt.NO_END: {
        "en": "{name}: joined, but when they left is not told (lines {lines}).",
        "az": "{name}: qoşulub, çıxdığı vaxt göstərilməyib (sətirlər: {lines}).",
    },
    Doubt.ENDS_BEFORE_START: {
        "en": "{name}: left before they joined (lines {lines}).",
        "az": "{name}: qoşulmazdan əvvəl çıxıb (sətirlər: {lines}).",
    },
}


@dataclass(frozen=True, kw_only=True)
class LogConflict:
    """Lines of one name that a person has to decide on."""

    doubt: Doubt
    name: str
    lines: tuple[int, ...]

    @property
    def sentence(self) -> LanguageMap:
        """For people."""
        lines = ", ".join(map(str, self.lines))
        told = _SENTENCES[self.doubt]
        return {code: text.format(name=self.name, lines=lines) for code, text in told.items()}


@dataclass(frozen=True, kw_only=True)
class LogRead:
    """What a log says.

    Attributes:
        evidence: of each participant, intervals apart from each other, in order.
        repeated: lines that say what another one says.
    """

    evidence: tuple[Evidence, ...]
    conflicts: tuple[LogConflict, ...]
    repeated: tuple[int, ...]


def read_presence(lines: Iterable[LogLine], names: Mapping[str, Sequence[str]]) -> LogRead:
    """Turn a log into evidence.

    Args:
        names: participant id -> the names they may appear under; case, accents' spelling and
            space do not matter.
    """
    owners: dict[str, set[str]] = {}
    for participant_id, known in names.items():
        for name in known:
            owners.setdefault(plain_name(name), set()).add(participant_id)
    there: dict[str, list[Interval]] = {}
    doubtful: dict[tuple[str, Doubt], list[LogLine]] = {}
    seen: set[tuple[str, datetime, datetime | None]] = set()
    repeated = []
    for line in lines:
        name = plain_name(line.name)
        if (name, line.joined_at, line.left_at) in seen:
            repeated.append(line.number)
            continue
        seen.add((name, line.joined_at, line.left_at))
        found = owners.get(name, set())
        doubt = _doubt(line, len(found))
        if doubt is not None:
            doubtful.setdefault((name, doubt), []).append(line)
        elif line.left_at is not None and line.left_at > line.joined_at:
            there.setdefault(next(iter(found)), []).append((line.joined_at, line.left_at))
    return LogRead(
        evidence=tuple(
            Evidence(
                participant_id=participant_id,
                source=Source.ONLINE_LOG,
                mode=Mode.ONLINE,
                joined_at=joined_at,
                left_at=left_at,
            )
            for participant_id in sorted(there)
            for joined_at, left_at in merged(there[participant_id])
        ),
        conflicts=tuple(
            LogConflict(doubt=doubt, name=own[0].name, lines=tuple(line.number for line in own))
            for (_, doubt), own in sorted(doubtful.items())
        ),
        repeated=tuple(repeated),
    )


def plain_name(name: str) -> str:
    """A name as it is compared: compatible forms as one, no case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _doubt(line: LogLine, owner_count: int) -> Doubt | None:
    if owner_count != 1:
        return Doubt.SHARED_NAME if owner_count else Doubt.UNKNOWN_NAME
    if line.left_at is None:
        return Doubt.NO_END
    return Doubt.ENDS_BEFORE_START if line.left_at < line.joined_at else None
