"""A second, naive reading of the award rules: rows in, verdict out, nothing shared with ours.

It looks at every row afresh, keeps no state and counts minute by minute.
"""

from __future__ import annotations

from tests.properties.certification.histories import PART_OF


def verdict_of(rule: dict, rows: list[dict]) -> dict:
    """``standing`` and ``kind`` of the decisive grade, and per grade what is missing.

    A missing item is ``(code, minutes, is_reachable, sessions)``.
    """
    table = _table(rule["excused"], rows)
    is_closed = any(row["row"] == "closed" for row in rows)
    visits = sum(_visits(rows).values())
    grades = [_grade(rule, grade, table, visits, is_closed) for grade in rule["grades"]]
    for standing, kind, _ in grades:
        if standing != "unreachable":
            return {"standing": standing, "kind": kind, "grades": grades}
    return {"standing": "unreachable", "kind": grades[0][1], "grades": grades}


def _table(excused: str, rows: list[dict]) -> list[dict]:
    """One line a session that counts: training, recorded, planned, credited, base."""
    lines = []
    names = {row["session"] for row in rows if row["row"] in ("register", "entry")}
    releases = [row for row in rows if row["row"] == "release"]
    newest = max((row["version"] for row in releases), default=None)
    for release in releases:
        names |= {session[0] for session in release["sessions"]}
    for name in sorted(names):
        registers = [r for r in rows if r["row"] == "register" and r["session"] == name]
        if registers:
            last = max(registers, key=lambda r: r["at"])
            line = {"training": last["training"], "recorded": True, "planned": last["minutes"]}
            line["credited"], line["base"] = _worth(name, line["planned"], excused, rows)
        else:
            held = [(s, r["version"]) for r in releases for s in r["sessions"] if s[0] == name]
            ours = [s for s, version in held if version == newest]
            if not ours:
                continue
            planned, is_cancelled = _timing(name, releases, rows)
            if is_cancelled:
                continue
            line = {"training": ours[0][1], "recorded": False, "planned": planned}
            line["credited"], line["base"] = 0, planned
        lines.append(line | {"name": name})
    return lines


def _timing(name: str, releases: list[dict], rows: list[dict]) -> tuple[int, bool]:
    said = [(s[3], False, s[2]) for r in releases for s in r["sessions"] if s[0] == name]
    said += [
        (r["sequence"], r["cancelled"], r["minutes"])
        for r in rows
        if r["row"] == "timing" and r["session"] == name
    ]
    _, is_cancelled, minutes = max(said)
    return minutes, is_cancelled


def _worth(name: str, planned: int, excused: str, rows: list[dict]) -> tuple[int, int]:
    entries = [r for r in rows if r["row"] == "entry" and r["session"] == name]
    if not entries:
        return 0, planned
    last = max(entries, key=lambda r: (r["at"], r["correction"]))
    if last["status"] == "absent":
        return 0, planned
    if last["status"] == "excused":
        return {"as_absent": (0, planned), "as_present": (planned, planned)}.get(excused, (0, 0))
    return min(last["minutes"], planned), planned


def _visits(rows: list[dict]) -> dict[str, int]:
    done: dict[str, int] = {}
    for row in sorted((r for r in rows if r["row"] == "placement"), key=lambda r: r["at"]):
        done[row["id"]] = row["minutes"]
    return done


def _grade(rule: dict, grade: dict, table: list[dict], visits: int, is_closed: bool) -> tuple:
    missing = []

    def ask(code: str, hours: dict, lines: list[dict]) -> None:
        base = sum(line["base"] for line in lines)
        credited = sum(line["credited"] for line in lines)
        ahead = sum(line["planned"] for line in lines if not line["recorded"])

        def enough(minutes: int) -> bool:
            if "percent" in hours and (base == 0 or minutes * 100 < hours["percent"] * base):
                return False
            return minutes >= hours.get("minutes", 0)

        if enough(credited):
            return
        short = 0
        while base and not enough(credited + short):
            short += 1
        if not base:
            short = max(0, hours.get("minutes", 0) - credited)
        reachable = enough(credited + ahead) or (not lines and not is_closed)
        missing.append((code, short, reachable, ()))

    ask("hours.overall", grade["overall"], table)
    for part in grade["parts"]:
        chosen = [line for line in table if PART_OF[line["training"]] == part["part_code"]]
        ask(f"hours.part.{part['part_code']}", part["hours"], chosen)
    for training in grade["required_trainings"]:
        chosen = [line for line in table if line["training"] == training["training_code"]]
        ask(f"training.{training['training_code']}", {"percent": training["percent"]}, chosen)
    wanted = grade["placement_minutes"] or 0
    if visits < wanted:
        missing.append(("placement", wanted - visits, not is_closed, ()))
    open_sessions = tuple(line["name"] for line in table if not line["recorded"])
    waits = rule["refuses_unrecorded"] and open_sessions != ()
    if any(not item[2] for item in missing):
        standing = "unreachable"
    elif missing:
        standing = "not_yet"
    else:
        standing = "held" if waits else "met"
    if waits:
        missing.append(("record", 0, True, open_sessions))
    return standing, grade["kind_code"], missing
