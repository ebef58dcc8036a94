"""Weeks of a plan as a picture: a row for each cohort, trainer or room, a column for each week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

ROWS = {"cohort": "cohort_id", "trainer": "trainer_id", "room": "room_code"}
"""What a row may be -> the field of a session that says which."""

_LEFT, _TOP, _DAY, _ROW, _GAP = 150, 64, 11, 46, 6  # pixels
_WEEK = 7 * _DAY + _GAP
_FIRST_HOUR, _LAST_HOUR = 6, 22
_PARTS = ("#1b6ca8", "#2a9d5c", "#c9772b", "#7d4aa6", "#b23a48", "#4d5d6c")
_STYLE = (
    "text{font-family:system-ui,sans-serif;font-size:12px;fill:#222}"
    ".t{font-size:16px;font-weight:600}.w{font-size:10px;fill:#555}"
    ".online{fill-opacity:.35}.hybrid{fill-opacity:.7}.visit{stroke:#222;stroke-width:1.5}"
)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One session as it is drawn."""

    row: str
    starts: datetime
    ends: datetime
    part_rank: int
    delivery: str
    label: str


def drawn(sessions: Sequence[dict[str, Any]], *, by: str) -> list[Drawn]:
    """The sessions of a plan document that have a row: one without a room has none by room."""
    found = []
    for each in sessions:
        row = each.get(ROWS[by])
        if row is None:
            continue
        zone = ZoneInfo(each.get("zone", "UTC"))
        starts, ends = (
            datetime.fromisoformat(each[key]).astimezone(zone) for key in ("starts_at", "ends_at")
        )
        label = (
            f"{each.get('cohort_id', '')} {each.get('training_code', each['session_id'])}\n"
            f"{starts:%a %d %b %Y %H:%M}-{ends:%H:%M} {zone.key}\n"
            f"{each['trainer_id']}, {each.get('room_code') or each.get('delivery', 'no room')}"
        )
        found.append(
            Drawn(
                row=row,
                starts=starts,
                ends=ends,
                part_rank=each.get("part_rank", 0),
                delivery=each.get("delivery", "onsite"),
                label=label,
            )
        )
    return found


def picture(sessions: Sequence[Drawn], *, title: str) -> str:
    """The picture as SVG text; at least one session."""
    first = min(each.starts.date() for each in sessions)
    monday = first - timedelta(days=first.weekday())
    last = max(each.starts.date() for each in sessions)
    weeks = (last - monday).days // 7 + 1
    rows = {row: place for place, row in enumerate(sorted({each.row for each in sessions}))}
    width, height = _LEFT + weeks * _WEEK + 10, _TOP + len(rows) * _ROW + 40
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-label={quoteattr(title)}>'
        ),
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text class="t" x="10" y="24">{escape(title)}</text>',
    ]
    lines += _grid(monday, weeks, rows)
    lines += [_box(each, monday, rows[each.row]) for each in sessions]
    lines += _legend(sessions, height - 12)
    return "\n".join([*lines, "</svg>\n"])


def _grid(monday: date, weeks: int, rows: dict[str, int]) -> list[str]:
    bottom = _TOP + len(rows) * _ROW
    lines = []
    for week in range(weeks):
        x, day = _LEFT + week * _WEEK, monday + timedelta(days=7 * week)
        lines.append(
            f'<rect x="{x}" y="{_TOP}" width="{7 * _DAY}" height="{bottom - _TOP}" fill="#f4f6f8"/>'
            f'<rect x="{x + 5 * _DAY}" y="{_TOP}" width="{2 * _DAY}" height="{bottom - _TOP}" '
            f'fill="#e8ecf0"/><text class="w" x="{x}" y="{_TOP - 8}">{day:%d %b}</text>'
        )
        if week == 0 or day.year != (day - timedelta(days=7)).year:
            lines.append(f'<text class="w" x="{x}" y="{_TOP - 22}">{day:%Y}</text>')
    for row, place in rows.items():
        y = _TOP + place * _ROW
        lines.append(
            f'<text x="10" y="{y + _ROW // 2 + 4}">{escape(row[:20])}</text>'
            f'<line x1="0" x2="{_LEFT + weeks * _WEEK}" y1="{y}" y2="{y}" stroke="#cfd6dc"/>'
        )
    return lines


def _box(session: Drawn, monday: date, row: int) -> str:
    days = (session.starts.date() - monday).days
    x = _LEFT + days // 7 * _WEEK + days % 7 * _DAY
    span = (_LAST_HOUR - _FIRST_HOUR) * 60
    begin = min(max(session.starts.hour * 60 + session.starts.minute - _FIRST_HOUR * 60, 0), span)
    minutes = (session.ends - session.starts).total_seconds() / 60
    y = _TOP + row * _ROW + 2 + begin * (_ROW - 4) / span
    height = max(3.0, min(minutes, span - begin) * (_ROW - 4) / span)
    return (
        f'<rect class="{escape(session.delivery)}" x="{x + 1}" y="{y:.1f}" width="{_DAY - 2}" '
        f'height="{height:.1f}" rx="1.5" fill="{_PARTS[session.part_rank % len(_PARTS)]}">'
        f"<title>{escape(session.label)}</title></rect>"
    )


def _legend(sessions: Sequence[Drawn], y: int) -> list[str]:
    lines, x = [], 10
    for rank in sorted({each.part_rank for each in sessions}):
        lines.append(
            f'<rect x="{x}" y="{y - 9}" width="10" height="10" '
            f'fill="{_PARTS[rank % len(_PARTS)]}"/>'
            f'<text class="w" x="{x + 14}" y="{y}">part {rank + 1}</text>'
        )
        x += 70
    lines.append(
        f'<text class="w" x="{x}" y="{y}">full colour onsite, lighter hybrid, lightest online, '
        f"framed visit; each row from {_FIRST_HOUR}:00 (top) to {_LAST_HOUR}:00 local time</text>"
    )
    return lines
