"""Step 5, first half: six months of attendance, one correction, two people who leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rtcm.demo.rules import SEATS
from rtcm.demo.stage import Stage

_LEAVE_AFTER = (9, 20)  # trainings
_OFTEN_AWAY = 3  # participants who miss too much
_MISSES_FINAL = 1  # participant who misses the required last training
_EXCUSED_TRAINING = 3
_CORRECTED_TRAINING = 5


def enrol(stage: Stage) -> None:
    """Who accepted is a participant: learn their ids."""
    members = stage.all("registration", "/participants", cohort_id=stage.cast.school_id)
    by_subject = {one["subject_id"]: one["id"] for one in members}
    for applicant in stage.cast.applicants:
        applicant.participant_id = by_subject.get(applicant.subject_id, "")
    stage.hold(len(members) == SEATS, f"{len(members)} participants for {SEATS} seats")


def attend(stage: Stage, *, until: int | None = None) -> None:
    """Every training takes place; presence is noted and the register closed.

    Args:
        until: stop before this training; the next call goes on from there.
    """
    cast = stage.cast
    school = _School(stage)
    first, end = cast.counts.get("held", 0), until or len(cast.sessions)
    coming = [(_end(one), number, one) for number, one in enumerate(cast.sessions)][first:end]
    course = [(_end(one), -1, one) for one in _course_sessions(stage)] if until is None else []

    def hold_session(held: tuple[datetime, int, dict[str, Any]]) -> None:
        ends_at, number, session = held
        stage.until(ends_at + timedelta(minutes=30))
        if number < 0:
            _hold_course(stage, session)
        else:
            school.hold(number, session)

    in_order = sorted([*coming, *course], key=lambda one: one[0])
    stage.each_in_order(in_order, hold_session, what="trainings held")
    stage.settle()
    cast.counts["held"] = end
    if until is None:
        school.count()
        stage.say(
            f"{end} registers of the school are closed, one entry was corrected with its reason on "
            f"record, {len(_LEAVE_AFTER)} people left."
        )


class _School:
    """Who is where in the school."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        everybody = [one.participant_id for one in stage.cast.applicants if one.participant_id]
        self._everybody = everybody
        self._gone_after = dict(zip(everybody[-2:], _LEAVE_AFTER, strict=True))
        self._often_away = everybody[-2 - _OFTEN_AWAY : -2]

    def hold(self, number: int, session: dict[str, Any]) -> None:
        """One training, and what happens around it."""
        stage, path = self._stage, f"/sessions/{session['id']}"
        members = [p for p in self._everybody if number <= self._gone_after.get(p, number)]
        present = [p for p in members if not self._is_away(p, number)]
        _note(stage, session, present, "trainer", "onsite")
        if number == _EXCUSED_TRAINING:
            excuse = {"participant_id": next(p for p in members if p not in present)}
            stage.post("scheduling", f"{path}/excuses", excuse, key="excuse")
        stage.post("scheduling", f"{path}/attendance", key=f"register-{session['id']}")
        if number == _CORRECTED_TRAINING:
            correction = {
                "participant_id": present[1],
                "status": "late",
                "minutes_present": 150,
                "mode": "onsite",
                "reason_code": "came-late",
            }
            stage.post("scheduling", f"{path}/corrections", correction, key="correction")
        for participant_id, after in self._gone_after.items():
            if number == after:
                leaving = f"/participants/{participant_id}/leaving"
                body = {"reason_code": "found-work"}
                stage.post("registration", leaving, body, key=f"leave-{participant_id}")
                stage.settle()

    def count(self) -> None:
        """What the certificates will be checked against."""
        left = len(self._gone_after)
        missing = len(self._often_away) + _MISSES_FINAL
        self._stage.cast.counts |= {
            "participants": len(self._everybody),
            "left": left,
            "completing": len(self._everybody) - left - missing,
        }

    def _is_away(self, participant_id: str, number: int) -> bool:
        if participant_id in self._often_away:
            return number % 3 == 0
        last = len(self._stage.cast.sessions) - 1
        return number == last and participant_id == self._everybody[2]


def _hold_course(stage: Stage, session: dict[str, Any]) -> None:
    members = stage.all("scheduling", f"/cohorts/{stage.cast.course_id}/members")
    present = [one["id"] for one in members if one["left_at"] is None]
    _note(stage, session, present, "online_log", "online")
    path = f"/sessions/{session['id']}/attendance"
    stage.post("scheduling", path, key=f"register-{session['id']}")


def _note(
    stage: Stage, session: dict[str, Any], present: list[str], source: str, mode: str
) -> None:
    items = [
        {
            "participant_id": participant_id,
            "source": source,
            "mode": mode,
            "joined_at": session["starts_at"],
            "left_at": session["ends_at"],
        }
        for participant_id in present
    ]
    path = f"/sessions/{session['id']}/evidence"
    stage.post("scheduling", path, {"items": items}, key=f"presence-{session['id']}")


def _course_sessions(stage: Stage) -> list[dict[str, Any]]:
    return stage.all("scheduling", "/sessions", cohort_id=stage.cast.course_id)


def _end(session: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(session["ends_at"])
