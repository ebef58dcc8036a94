"""Membership of consumer groups in the log file: who is alive and who holds what.

A change of membership writes a plan (``claim.wanted``); nobody is robbed: the holder gives a
partition up when it next polls, and only then does the wanted member take it, under a new epoch.
The dead are an exception: their claims are freed at once. All functions run inside a transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.clock import wall_now
from chassis.log.port import Partition
from chassis.log.shares import share_out


@dataclass(frozen=True, slots=True)
class Claim:
    """A partition held by a member."""

    partition: Partition
    part_id: int
    epoch: int
    next_offset: int


def microseconds_now() -> int:
    """Machine time as it is kept in the file: microseconds since 1970, UTC."""
    return int(wall_now().timestamp() * 1_000_000)


def join(
    db: sqlite3.Connection,
    *,
    group: str,
    name: str,
    identity: str,
    topics: Sequence[str],
    session_seconds: float,
) -> None:
    """Become a member; whoever bore the same name is taken for its dead predecessor."""
    for (predecessor,) in db.execute(
        "SELECT identity FROM member WHERE group_name = ? AND name = ?", (group, name)
    ).fetchall():
        _remove(db, predecessor)
    db.execute(
        "INSERT INTO member (identity, group_name, name, seen_at, session_microseconds)"
        " VALUES (?, ?, ?, ?, ?)",
        (identity, group, name, microseconds_now(), int(session_seconds * 1_000_000)),
    )
    db.executemany(
        "INSERT OR IGNORE INTO subscription (identity, topic) VALUES (?, ?)",
        [(identity, topic) for topic in topics],
    )
    replan(db, group)


def is_member(db: sqlite3.Connection, identity: str) -> bool:
    """Whether ``identity`` has not been removed."""
    found = db.execute("SELECT 1 FROM member WHERE identity = ?", (identity,)).fetchone()
    return found is not None


def beat(db: sqlite3.Connection, identity: str) -> None:
    """Say that a member lives; a removed one stays removed."""
    db.execute("UPDATE member SET seen_at = ? WHERE identity = ?", (microseconds_now(), identity))


# Either way of the clock: after a jump back, nobody stays alive for the length of the jump.
SILENT_MEMBERS = (
    "SELECT identity FROM member WHERE group_name = ? AND abs(? - seen_at) > session_microseconds"
)


def remove_silent(db: sqlite3.Connection, group: str) -> list[str]:
    """Remove the members that were silent for longer than their session; returns them."""
    silent = [row[0] for row in db.execute(SILENT_MEMBERS, (group, microseconds_now())).fetchall()]
    for identity in silent:
        _remove(db, identity)
    if silent:
        replan(db, group)
    return silent


def leave(db: sqlite3.Connection, *, group: str, identity: str) -> None:
    """Give everything up at once."""
    _remove(db, identity)
    replan(db, group)


def hand_over(db: sqlite3.Connection, *, group: str, identity: str) -> int:
    """Give up what others should hold, take what is free and ours; returns the generation."""
    given = db.execute(
        "UPDATE claim SET owner = NULL"
        " WHERE group_name = ? AND owner = ? AND wanted IS NOT owner RETURNING part_id",
        (group, identity),
    ).fetchall()
    db.execute(
        "UPDATE claim SET owner = wanted, epoch = epoch + 1"
        " WHERE group_name = ? AND wanted = ? AND owner IS NULL",
        (group, identity),
    )
    if given:  # tell those who wait for them
        _move_generation(db, group)
    return generation(db, group)


def claims(db: sqlite3.Connection, *, group: str, identity: str) -> list[Claim]:
    """What a member holds, ordered by number and topic."""
    found = db.execute(
        "SELECT part.topic, part.number, claim.part_id, claim.epoch, claim.next_offset"
        " FROM claim JOIN part ON part.id = claim.part_id"
        " WHERE claim.group_name = ? AND claim.owner = ? ORDER BY part.number, part.topic",
        (group, identity),
    )
    return [
        Claim(Partition(topic, number), part_id, epoch, next_offset)
        for topic, number, part_id, epoch, next_offset in found
    ]


def generation(db: sqlite3.Connection, group: str) -> int:
    """The number that moves with every change of claims; 0 before the first."""
    found = db.execute("SELECT generation FROM consumer_group WHERE name = ?", (group,)).fetchone()
    return found[0] if found else 0


def replan(db: sqlite3.Connection, group: str) -> None:
    """Decide anew who should hold what."""
    subscriptions = _subscriptions(db, group)
    parts = {
        Partition(topic, number): part_id
        for part_id, topic, number in db.execute(
            "SELECT DISTINCT part.id, part.topic, part.number FROM part"
            " JOIN subscription ON subscription.topic = part.topic"
            " JOIN member ON member.identity = subscription.identity AND member.group_name = ?",
            (group,),
        )
    }
    db.executemany(
        "INSERT OR IGNORE INTO claim (group_name, part_id) VALUES (?, ?)",
        [(group, part_id) for part_id in parts.values()],
    )
    holders = dict(
        db.execute(
            "SELECT part_id, owner FROM claim WHERE group_name = ? AND owner IS NOT NULL", (group,)
        ).fetchall()
    )
    owners = {
        partition: holders[part_id] for partition, part_id in parts.items() if part_id in holders
    }
    shares = share_out(subscriptions, parts, owners)
    db.execute("UPDATE claim SET wanted = NULL WHERE group_name = ?", (group,))
    db.executemany(
        "UPDATE claim SET wanted = ? WHERE group_name = ? AND part_id = ?",
        [(member, group, parts[partition]) for partition, member in shares.items()],
    )
    _move_generation(db, group)


def replan_listeners(db: sqlite3.Connection, topic: str) -> None:
    """Replan every group that subscribes to a topic that came or went."""
    listening = db.execute(
        "SELECT DISTINCT member.group_name FROM member"
        " JOIN subscription ON subscription.identity = member.identity"
        " WHERE subscription.topic = ?",
        (topic,),
    ).fetchall()
    for (group,) in listening:
        replan(db, group)


def _subscriptions(db: sqlite3.Connection, group: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for identity, topic in db.execute(
        "SELECT member.identity, subscription.topic FROM member"
        " JOIN subscription ON subscription.identity = member.identity"
        " WHERE member.group_name = ?",
        (group,),
    ):
        found.setdefault(identity, set()).add(topic)
    return {identity: frozenset(topics) for identity, topics in found.items()}


def _remove(db: sqlite3.Connection, identity: str) -> None:
    db.execute("UPDATE claim SET owner = NULL WHERE owner = ?", (identity,))
    db.execute("DELETE FROM subscription WHERE identity = ?", (identity,))
    db.execute("DELETE FROM member WHERE identity = ?", (identity,))


def _move_generation(db: sqlite3.Connection, group: str) -> None:
    db.execute(
        "INSERT INTO consumer_group (name, generation) VALUES (?, 1)"
        " ON CONFLICT (name) DO UPDATE SET generation = generation + 1",
        (group,),
    )
