"""From sessions, panelists and people to interviews: panels first, then a seat for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from services.selection.domain.interview_plan import (
    InterviewPlan,
    Planned,
    SeatRecord,
    SessionRecord,
    UnmannedRecord,
)
from services.selection.domain.interviewing.panels import (
    Panel,
    Panelist,
    PanelRequest,
    make_panels,
)
from services.selection.domain.interviewing.slots import (
    Candidate,
    InterviewSeat,
    plan_interviews,
)


def plan_call(plan: InterviewPlan) -> Planned:
    """Plan from what was frozen; the same plan gives the same interviews."""
    session_of = dict(_requests(plan.sessions))
    panels, unmanned = make_panels(
        [
            PanelRequest(
                request_id=request_id, slot_id=session.time_id, language_code=session.language_code
            )
            for request_id, session in session_of.items()
        ],
        _people(plan),
        quorum=plan.terms.panel_size,
        organisations=plan.terms.organisations,
    )
    seats = {
        f"{panel.request_id}/{n:03}": seat
        for panel in panels
        for n, seat in enumerate(_seats(plan, panel, session_of[panel.request_id]))
        if not _is_busy(plan, seat)
    }
    found = plan_interviews(
        [
            Candidate(
                candidate_id=one.application_id,
                zone=one.zone,
                language_code=one.language_code,
                conflict_ids=frozenset(one.conflict_ids),
            )
            for one in plan.candidates
        ],
        [
            InterviewSeat(
                seat_id=seat_id,
                starts_at=seat.starts_at,
                language_code=seat.language_code,
                panelist_ids=frozenset(seat.panelist_ids),
            )
            for seat_id, seat in seats.items()
        ],
        seed=plan.plan_id.encode(),
        reserve_permille=plan.terms.reserve_permille,
    )
    return Planned(
        seats=tuple(
            _of(seats[seat_id], application_id)
            for application_id, seat_id in sorted(found.seat_ids.items())
        ),
        reserve_seats=tuple(seats[seat_id] for seat_id in found.reserve_seat_ids),
        unplaced_application_ids=found.unplaced_ids,
        unmanned=tuple(
            UnmannedRecord(session_id=session_of[one.request_id].session_id, reason=one.reason)
            for one in unmanned
        ),
    )


def _requests(sessions: Iterable[SessionRecord]) -> Iterator[tuple[str, SessionRecord]]:
    for session in sessions:
        for n in range(session.panel_count):
            yield f"{session.session_id}/{n:02}", session


def _people(plan: InterviewPlan) -> list[Panelist]:
    time_of = {session.session_id: session.time_id for session in plan.sessions}
    return [
        Panelist(
            panelist_id=one.panelist_id,
            organisation_code=one.organisation_code,
            examined_language_codes=frozenset(one.language_codes),
            free_slot_ids=frozenset(time_of[id_] for id_ in one.free_session_ids),
            most_panels=one.most_panels,
        )
        for one in plan.panelists
    ]


def _seats(plan: InterviewPlan, panel: Panel, session: SessionRecord) -> Iterator[SeatRecord]:
    """Interviews one after the other, as many as end in time."""
    length = timedelta(minutes=plan.terms.minutes)
    starts_at = session.starts_at
    while starts_at + length <= session.ends_at:
        yield SeatRecord(
            starts_at=starts_at,
            ends_at=starts_at + length,
            mode=session.mode,
            language_code=session.language_code,
            panelist_ids=panel.panelist_ids,
        )
        starts_at += length


def _is_busy(plan: InterviewPlan, seat: SeatRecord) -> bool:
    return any(
        one.panelist_id in seat.panelist_ids
        and one.starts_at < seat.ends_at
        and seat.starts_at < one.ends_at
        for one in plan.busy
    )


def _of(seat: SeatRecord, application_id: str) -> SeatRecord:
    return SeatRecord(
        starts_at=seat.starts_at,
        ends_at=seat.ends_at,
        mode=seat.mode,
        language_code=seat.language_code,
        panelist_ids=seat.panelist_ids,
        application_id=application_id,
    )
