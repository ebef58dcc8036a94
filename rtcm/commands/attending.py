"""Who was at an online session, read from the meeting tool's log."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from rtcm.commands.files import Unreadable, read_json, write_json
from rtcm.commands.options import AS_JSON, print_json
from rtcm.commands.tables import Row, read_table
from services.scheduling.domain.online_log import LogLine, LogRead, read_presence
from services.scheduling.domain.presence import Evidence

_NAMES_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Participants, each with the names they may appear under",
    "type": "object",
    "propertyNames": {"format": "uuid", "pattern": "^[0-9a-f-]{36}$"},
    "additionalProperties": {
        "type": "array",
        "items": {"type": "string", "pattern": "\\S", "maxLength": 200},
        "minItems": 1,
    },
}


@click.command("online-log")
@click.argument("log", type=click.Path(path_type=Path))
@click.option("--names", type=click.Path(path_type=Path), required=True,
              help="JSON: participant id -> names they may appear under.")  # fmt: skip
@click.option("--zone", default="UTC", show_default=True,
              help="Of times that carry no offset (IANA).")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True,
              help="Body of POST /sessions/{id}/evidence.")  # fmt: skip
@AS_JSON
def read_online_log(log: Path, names: Path, zone: str, out: Path, as_json: bool) -> None:
    """Turn LOG.csv (name,joined_at,left_at) into evidence of presence.

    Ends with 1 where lines are left for a person to decide on (what is clear is still written),
    with 2 where a file cannot be taken.
    """
    try:
        local = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise Unreadable(f"--zone: there is no time zone {zone[:60]!r}") from error
    rows = read_table(log, needed=("name", "joined_at", "left_at"))
    lines = [_line(row, local) for row in rows]
    read = read_presence(lines, read_json(names, _NAMES_SCHEMA))
    write_json(out, {"items": [_item(each) for each in read.evidence]})
    _tell(read, as_json)
    if read.conflicts:
        sys.exit(1)


def _line(row: Row, zone: ZoneInfo) -> LogLine:
    left_at = _instant(row, "left_at", zone) if row.cells["left_at"] else None
    return LogLine(
        number=row.line,
        name=row.text("name"),
        joined_at=_instant(row, "joined_at", zone),
        left_at=left_at,
    )


def _instant(row: Row, column: str, zone: ZoneInfo) -> datetime:
    text = row.text(column)
    try:
        told = datetime.fromisoformat(text)
        return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(ZoneInfo("UTC"))
    except (ValueError, OverflowError):
        row.refuse(f"{column} is no time as 2027-03-21T10:30: {text[:40]!r}")


def _item(evidence: Evidence) -> dict[str, str]:
    return {
        "participant_id": evidence.participant_id,
        "source": evidence.source.value,
        "mode": evidence.mode.value,
        "joined_at": evidence.joined_at.isoformat(),
        "left_at": evidence.left_at.isoformat(),
    }


def _tell(read: LogRead, as_json: bool) -> None:
    people = {each.participant_id for each in read.evidence}
    conflicts = [
        {"doubt": each.doubt.value, "name": each.name, "lines": list(each.lines),
         "sentence": each.sentence}
        for each in read.conflicts
    ]  # fmt: skip
    if as_json:
        told = {"participants": len(people), "intervals": len(read.evidence)}
        print_json({**told, "repeated": list(read.repeated), "conflicts": conflicts})
        return
    click.echo(f"{len(people)} participants, {len(read.evidence)} intervals")
    if read.repeated:
        click.echo(f"lines that repeat another: {', '.join(map(str, read.repeated))}")
    for each in read.conflicts:
        click.echo(each.sentence["en"])
