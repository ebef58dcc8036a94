"""Durable jobs: claimed by lease, done outside transactions, tried again until done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ReturnDocument

from chassis.clock import wall_now
from chassis.ids import new_id
from chassis.mongo.documents import JobRow
from chassis.mongo.mapping import plain
from chassis.mongo.unit_of_work import current_transaction

LEASE_SECONDS = 30

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class ClaimedJob:
    """A job that is ours until the lease ends; ``claim`` proves it."""

    id: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int
    claim: str
    progress: Mapping[str, Any]


class MongoJobs:
    """The jobs of a service (``chassis.ports.Jobs``)."""

    def add(
        self, kind: str, key: str, payload: Mapping[str, Any], *, run_at: datetime | None = None
    ) -> None:
        """Have it done; a job of the same kind and key is not added twice."""
        current_transaction().touched.add("job")
        now = wall_now()
        _rows().update_one(
            {"_id": f"{kind}|{key}"},
            {
                "$setOnInsert": {
                    "kind": kind,
                    "key": key,
                    "payload": plain(dict(payload)),
                    "status": "waiting",
                    "waiting_until": run_at or now,
                    "attempts": 0,
                    "created_at": now,
                }
            },
            upsert=True,
        )

    def cancel(self, kind: str, key: str) -> None:
        """Do it no more, or stop at its next look."""
        current_transaction()
        _rows().update_one(
            {"_id": f"{kind}|{key}", "status": {"$in": ["waiting", "running"]}},
            {
                "$set": {"status": "cancelled", "finished_at": wall_now()},
                "$unset": {"waiting_until": ""},
            },
        )

    def progress(self, kind: str, key: str) -> Mapping[str, Any]:
        """What it reported last; empty where there is nothing yet."""
        return (state_of(kind, key) or {}).get("progress") or {}


def claim(kinds: Sequence[str]) -> ClaimedJob | None:
    """Take the job that has waited longest; a lease that ran out counts as waiting."""
    now = wall_now()
    token = new_id()
    row = _rows().find_one_and_update(
        {"waiting_until": {"$lte": now}, "kind": {"$in": list(kinds)}},
        {
            "$set": {
                "status": "running",
                "claim": token,
                "waiting_until": now + timedelta(seconds=LEASE_SECONDS),
            },
            "$inc": {"attempts": 1},
        },
        sort=[("waiting_until", 1)],
        return_document=ReturnDocument.AFTER,
    )
    if row is None:
        return None
    return ClaimedJob(
        id=row["_id"],
        kind=row["kind"],
        key=row["key"],
        payload=row.get("payload", {}),
        attempts=row["attempts"],
        claim=token,
        progress=row.get("progress") or {},
    )


def seconds_to_next(kinds: Sequence[str], *, at_most: float) -> float:
    """How long until a job waits for somebody to take it; 0: one does now."""
    now = wall_now()
    row = _rows().find_one(
        {"waiting_until": {"$lte": now + timedelta(seconds=at_most)}, "kind": {"$in": list(kinds)}},
        {"waiting_until": 1},
        sort=[("waiting_until", 1)],
    )
    if row is None:
        return at_most
    seconds: float = (row["waiting_until"] - now).total_seconds()
    return max(0.0, seconds)


def renew(job: ClaimedJob, progress: Mapping[str, Any] | None = None) -> bool:
    """Keep the lease; ``False`` when the job is no longer ours (lost or cancelled)."""
    change: dict[str, Any] = {"waiting_until": wall_now() + timedelta(seconds=LEASE_SECONDS)}
    if progress is not None:
        change["progress"] = plain(dict(progress))
    return bool(_rows().update_one(_ours(job), {"$set": change}).matched_count)


def finish(job: ClaimedJob) -> bool:
    """Mark as done, in the transaction of its effects; ``False`` when it is no longer ours."""
    outcome = _rows().update_one(
        _ours(job),
        {
            "$set": {"status": "done", "finished_at": wall_now()},
            "$unset": {"waiting_until": "", "last_error": ""},
        },
    )
    return bool(outcome.modified_count)


def postpone(job: ClaimedJob, *, seconds: float, error: str) -> None:
    """Try again later."""
    _rows().update_one(
        _ours(job),
        {
            "$set": {
                "status": "waiting",
                "waiting_until": wall_now() + timedelta(seconds=seconds),
                "last_error": error,
            }
        },
    )


def give_up(job: ClaimedJob, *, error: str) -> None:
    """Stop trying: a person has to look (``rtcm status``, the console's event page)."""
    _rows().update_one(
        _ours(job),
        {
            "$set": {"status": "failed", "finished_at": wall_now(), "last_error": error},
            "$unset": {"waiting_until": ""},
        },
    )


def retry_failed(job_id: str) -> bool:
    """Have a failed job tried again by an operator's word."""
    outcome = _rows().update_one(
        {"_id": job_id, "status": "failed"},
        {"$set": {"status": "waiting", "waiting_until": wall_now(), "attempts": 0}},
    )
    return bool(outcome.modified_count)


def counts() -> dict[str, int]:
    """How many wait (running ones included) and how many have failed."""
    return {
        "waiting": int(_rows().count_documents({"status": {"$in": ["waiting", "running"]}})),
        "failed": int(_rows().count_documents({"status": "failed"})),
    }


def one_waiting() -> dict[str, Any] | None:
    """A job that is not done: waiting, or under way."""
    row: dict[str, Any] | None = _rows().find_one(
        {"waiting_until": {"$gte": _EVER}}, {"kind": 1, "attempts": 1, "created_at": 1}
    )
    return row


def failed(*, limit: int = 100) -> list[dict[str, Any]]:
    """Jobs that were given up, with the reason."""
    return list(_rows().find({"status": "failed"}).limit(limit))


def state_of(kind: str, key: str) -> dict[str, Any] | None:
    """Status, attempts and progress of one job, for people to see."""
    row: dict[str, Any] | None = _rows().find_one({"_id": f"{kind}|{key}"})
    return row


def _ours(job: ClaimedJob) -> dict[str, Any]:
    return {"_id": job.id, "claim": job.claim, "status": "running"}


def _rows() -> Any:
    return JobRow._get_collection()
