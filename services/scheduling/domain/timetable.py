"""The timetable of a cohort: drafted, solved, released, and changed as little as possible."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import FieldProblem, RuleViolation
from chassis.language_map import LanguageMap
from contracts.scheduling import PlacedSession, TimetableReleased
from services.scheduling.domain.curriculum import CurriculumVersion
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.solver.check import check
from services.scheduling.domain.solver.problem import Pin, Placed, Plan, Problem


class TimetableStatus(StrEnum):
    """How far the newest plan has come."""

    DRAFT = "draft"
    SOLVING = "solving"
    SOLVED = "solved"
    IMPOSSIBLE = "impossible"
    RELEASED = "released"


@dataclass(frozen=True, kw_only=True)
class PlannedSession:
    """One training that has to be placed."""

    session_id: str
    training_code: str
    part_code: str
    part_rank: int
    rank: int
    titles: LanguageMap
    minutes: int
    delivery: Delivery
    trainer_kind_code: str
    room_kind_code: str | None = None
    after: tuple[str, ...] = ()
    cancelled: bool = False


class ChangeKind(StrEnum):
    """What a line of the change log tells."""

    RELEASED = "released"
    MOVED = "moved"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of the change log; ``session_id`` is ``None`` for a release."""

    kind: ChangeKind
    release_version: int
    actor_id: str
    changed_at: datetime
    session_id: str | None = None
    previous_starts_at: datetime | None = None
    starts_at: datetime | None = None
    reason_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class Solution:
    """What the engine said of its proposal: whose snapshot, what it costs, what it cannot beat."""

    problem_sha256: str
    seed: int
    cost: int
    bound: int


@dataclass(kw_only=True)
class Timetable(Aggregate):
    """The plan of one cohort for one version of its curriculum.

    Rules
      R1  it is drafted from a published version and keeps it
      R2  pins name sessions that take place; they hold until they are taken out
      R3  one solving at a time; a result that is no longer asked for is dropped
      R4  only a complete proposal that breaks no hard rule is released
      R5  after a release a session moves only where no hard rule is broken
      R6  every release, move and cancellation is in the change log
    """

    timetable_id: str
    cohort_id: str
    country_code: str
    curriculum_id: str
    curriculum_version: int
    sessions: tuple[PlannedSession, ...]
    status: TimetableStatus = TimetableStatus.DRAFT
    pins: tuple[Pin, ...] = ()
    solving_number: int = 0
    proposal: tuple[Placed, ...] = ()
    solution: Solution | None = None
    obstacles: tuple[LanguageMap, ...] = ()
    placed: tuple[Placed, ...] = ()
    release_version: int = 0
    changes: tuple[Change, ...] = ()

    @property
    def held(self) -> tuple[PlannedSession, ...]:
        """Sessions that are not cancelled."""
        return tuple(session for session in self.sessions if not session.cancelled)

    @property
    def place_of(self) -> dict[str, Placed]:
        """Session id -> its released place."""
        return {place.session_id: place for place in self.placed}

    def session(self, session_id: str) -> PlannedSession:
        """A session that takes place.

        Raises:
            RuleViolation: ``timetable.no_such_session``.
        """
        for session in self.held:
            if session.session_id == session_id:
                return session
        raise RuleViolation("timetable.no_such_session", f"no session {session_id} takes place")

    def pin(self, pin: Pin) -> None:
        """Keep a session where a person wants it (R2).

        Raises:
            RuleViolation: ``timetable.no_such_session``.
        """
        self.session(pin.session_id)
        others = tuple(each for each in self.pins if each.session_id != pin.session_id)
        self.pins = (*others, pin)

    def unpin(self, session_id: str) -> None:
        """Leave a session to the engine again.

        Raises:
            RuleViolation: ``timetable.not_pinned``.
        """
        kept = tuple(each for each in self.pins if each.session_id != session_id)
        if len(kept) == len(self.pins):
            raise RuleViolation("timetable.not_pinned", f"session {session_id} is not pinned")
        self.pins = kept

    def loosen(self, session_ids: Collection[str]) -> None:
        """Take out the pins of sessions that are about to move: a person decided anew."""
        self.pins = tuple(each for each in self.pins if each.session_id not in session_ids)

    def ask_for_plan(self) -> int:
        """Begin a solving; its number comes back with the result.

        Raises:
            RuleViolation: ``timetable.solving``.
        """
        if self.status is TimetableStatus.SOLVING:
            raise RuleViolation("timetable.solving", "a plan is being made; wait or give it up")
        self.solving_number += 1
        self.status = TimetableStatus.SOLVING
        self.proposal, self.solution, self.obstacles = (), None, ()
        return self.solving_number

    def give_up_solving(self, best: tuple[Plan, Solution] | None = None) -> None:
        """Stop waiting for the plan that was asked for; its result will be dropped.

        Args:
            best: the best plan so far, which becomes the proposal.

        Raises:
            RuleViolation: ``timetable.not_solving``.
        """
        if self.status is not TimetableStatus.SOLVING:
            raise RuleViolation("timetable.not_solving", "no plan is being made")
        self.solving_number += 1
        self.status = self._resting()
        if best is not None:
            self.proposal, self.solution = best[0].placed, best[1]
            self.status = TimetableStatus.SOLVED

    def propose(self, plan: Plan, solution: Solution, *, solving_number: int) -> bool:
        """Take the engine's plan; whether it was still asked for (R3)."""
        if not self._awaits(solving_number):
            return False
        self.proposal, self.solution = plan.placed, solution
        self.status = TimetableStatus.SOLVED
        return True

    def report_obstacles(self, sentences: Sequence[LanguageMap], *, solving_number: int) -> bool:
        """Take the engine's word that there is no plan; whether it was still asked for (R3)."""
        if not self._awaits(solving_number):
            return False
        self.obstacles = tuple(sentences)
        self.status = TimetableStatus.IMPOSSIBLE
        return True

    def note_obstacles(self, sentences: Sequence[LanguageMap]) -> None:
        """Keep why a repair found no other places; what is released stays."""
        self.obstacles = tuple(sentences)

    def accept(self, problem: Problem, *, actor_id: str, now: datetime) -> tuple[Placed, ...]:
        """Make the proposal the plan of the next release.

        Returns:
            The places, for the sessions to follow; ``announce`` tells them afterwards.

        Raises:
            RuleViolation: ``timetable.not_solved`` or ``timetable.breaks_rules``.
        """
        if self.status is not TimetableStatus.SOLVED:
            raise RuleViolation("timetable.not_solved", f"the timetable is {self.status}")
        _require_sound(problem, Plan(placed=self.proposal))
        self.placed, self.proposal = self.proposal, ()
        self.release_version += 1
        self.status = TimetableStatus.RELEASED
        self._log(ChangeKind.RELEASED, actor_id=actor_id, now=now)
        return self.placed

    def announce(self, sessions: Collection[PlacedSession], *, now: datetime) -> None:
        """Tell everybody the release; records ``TimetableReleased``."""
        self.record(
            TimetableReleased(
                timetable_id=self.timetable_id,
                cohort_id=self.cohort_id,
                country_code=self.country_code,
                release_version=self.release_version,
                sessions=tuple(
                    sorted(sessions, key=lambda each: (each.starts_at, each.session_id))
                ),
                released_at=now,
            )
        )

    def move(
        self,
        places: Collection[Placed],
        problem: Problem,
        *,
        reason_code: str,
        actor_id: str,
        now: datetime,
    ) -> None:
        """Give released sessions other places (R5); each line goes to the change log.

        Raises:
            RuleViolation: ``timetable.not_released``, ``timetable.no_such_session`` or
                ``timetable.breaks_rules``.
        """
        self.require_released()
        before = self.place_of
        after = {**before, **{place.session_id: place for place in places}}
        for place in places:
            self.session(place.session_id)
        _require_sound(problem, Plan(placed=tuple(after[key] for key in sorted(after))))
        self.placed = tuple(after[key] for key in sorted(after))
        for place in places:
            self._log(
                ChangeKind.MOVED,
                actor_id=actor_id,
                now=now,
                session_id=place.session_id,
                previous_starts_at=before[place.session_id].starts_at,
                starts_at=place.starts_at,
                reason_code=reason_code,
            )

    def cancel_session(
        self, session_id: str, *, reason_code: str, actor_id: str, now: datetime
    ) -> None:
        """Take a session out of the plan; its pin goes with it.

        Raises:
            RuleViolation: ``timetable.not_released`` or ``timetable.no_such_session``.
        """
        self.require_released()
        gone = self.session(session_id)
        self.sessions = tuple(
            replace(each, cancelled=True) if each is gone else each for each in self.sessions
        )
        previous = self.place_of[session_id]
        self.placed = tuple(each for each in self.placed if each.session_id != session_id)
        self.pins = tuple(each for each in self.pins if each.session_id != session_id)
        self._log(
            ChangeKind.CANCELLED,
            actor_id=actor_id,
            now=now,
            session_id=session_id,
            previous_starts_at=previous.starts_at,
            reason_code=reason_code,
        )

    def _log(
        self,
        kind: ChangeKind,
        *,
        actor_id: str,
        now: datetime,
        session_id: str | None = None,
        previous_starts_at: datetime | None = None,
        starts_at: datetime | None = None,
        reason_code: str | None = None,
    ) -> None:
        change = Change(
            kind=kind,
            release_version=self.release_version,
            actor_id=actor_id,
            changed_at=now,
            session_id=session_id,
            previous_starts_at=previous_starts_at,
            starts_at=starts_at,
            reason_code=reason_code,
        )
        self.changes = (*self.changes, change)

    def _awaits(self, solving_number: int) -> bool:
        return self.status is TimetableStatus.SOLVING and solving_number == self.solving_number

    def _resting(self) -> TimetableStatus:
        return TimetableStatus.RELEASED if self.release_version else TimetableStatus.DRAFT

    def require_released(self) -> None:
        """Refuse what only a released timetable can have.

        Raises:
            RuleViolation: ``timetable.not_released``.
        """
        if not self.release_version:
            raise RuleViolation("timetable.not_released", "nothing is released yet")


def planned_sessions(
    version: CurriculumVersion, session_ids: Mapping[str, str]
) -> tuple[PlannedSession, ...]:
    """The sessions a curriculum version asks for: one per training.

    Args:
        session_ids: training code -> id of its session.
    """
    return tuple(
        PlannedSession(
            session_id=session_ids[training.training_code],
            training_code=training.training_code,
            part_code=training.part_code,
            part_rank=version.part_rank(training.part_code),
            rank=rank,
            titles=training.titles,
            minutes=training.minutes,
            delivery=training.delivery,
            trainer_kind_code=training.trainer_kind_code,
            room_kind_code=training.room_kind_code,
            after=tuple(session_ids[code] for code in training.after_codes),
        )
        for rank, training in enumerate(version.trainings)
    )


def _require_sound(problem: Problem, plan: Plan) -> None:
    violations = check(problem, plan)
    if violations:
        raise RuleViolation(
            "timetable.breaks_rules",
            " ".join(violation.sentence["en"] for violation in violations),
            problems=[
                FieldProblem(field=",".join(v.session_ids), code=v.rule, detail=v.sentence["en"])
                for v in violations
            ],
        )
