"""Panels by constraint programming: quorum, two organisations, an examiner of the language.

Source: CP-SAT of OR-Tools.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

_SECONDS = 10.0  # of solver work (deterministic), not of a clock
_NO_PANEL = "there is no panel"


@dataclass(frozen=True, kw_only=True)
class Panelist:
    """Somebody who can sit in a panel.

    Attributes:
        examined_language_codes: languages they may examine.
        free_slot_ids: slots in which they are free, in whatever zone they live.
        most_panels: they sit in no more; in one slot they sit in one.
    """

    panelist_id: str
    organisation_code: str
    examined_language_codes: frozenset[str] = frozenset()
    free_slot_ids: frozenset[str] = frozenset()
    most_panels: int | None = None


@dataclass(frozen=True, kw_only=True)
class PanelRequest:
    """One panel that is wanted in one slot; ``language_code`` is the language it examines."""

    request_id: str
    slot_id: str
    language_code: str


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Who sits together, sorted."""

    request_id: str
    slot_id: str
    language_code: str
    panelist_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unmanned:
    """A panel that cannot be made beside the others; ``reason`` is a sentence."""

    request_id: str
    reason: str


def make_panels(
    requests: Iterable[PanelRequest],
    panelists: Iterable[Panelist],
    *,
    quorum: int,
    organisations: int = 2,
) -> tuple[tuple[Panel, ...], tuple[Unmanned, ...]]:
    """As many panels as can be made, work shared as evenly as that allows.

    The order of input changes nothing; one worker and a limit of work, not of time, make the
    same panels on every machine.
    """
    wanted = sorted(requests, key=lambda request: request.request_id)
    people = sorted(panelists, key=lambda person: person.panelist_id)
    model = cp_model.CpModel()
    made = {request.request_id: model.new_bool_var(request.request_id) for request in wanted}
    sits = {
        (request.request_id, person.panelist_id): model.new_bool_var("")
        for request in wanted
        for person in people
        if request.slot_id in person.free_slot_ids
    }
    for request in wanted:
        _seat(model, request, people, made, sits, quorum=quorum, organisations=organisations)
    loads = _share(model, wanted, people, sits)
    most = model.new_int_var(0, len(wanted), "most")
    for load in loads:
        model.add(load <= most)
    # A panel more is worth more than any evenness.
    model.maximize(sum(made.values()) * (len(wanted) + 1) - most)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = _SECONDS
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return (), tuple(
            Unmanned(request_id=request.request_id, reason=_NO_PANEL) for request in wanted
        )
    panels, unmanned = [], []
    for request in wanted:
        if not solver.value(made[request.request_id]):
            unmanned.append(_unmanned(request, people, quorum, organisations))
            continue
        chosen = (
            person.panelist_id
            for person in people
            if (request.request_id, person.panelist_id) in sits
            and solver.value(sits[request.request_id, person.panelist_id])
        )
        panels.append(
            Panel(
                request_id=request.request_id,
                slot_id=request.slot_id,
                language_code=request.language_code,
                panelist_ids=tuple(chosen),
            )
        )
    return tuple(panels), tuple(unmanned)


def _seat(
    model: cp_model.CpModel,
    request: PanelRequest,
    people: Sequence[Panelist],
    made: dict[str, cp_model.IntVar],
    sits: dict[tuple[str, str], cp_model.IntVar],
    *,
    quorum: int,
    organisations: int,
) -> None:
    """A panel that is made has its quorum, its organisations and its examiner."""
    here = [
        (person, sits[request.request_id, person.panelist_id])
        for person in people
        if (request.request_id, person.panelist_id) in sits
    ]
    panel = made[request.request_id]
    model.add(sum(seat for _, seat in here) == quorum * panel)
    model.add(
        sum(
            seat for person, seat in here if request.language_code in person.examined_language_codes
        )
        >= panel
    )
    present = []
    for organisation_code in sorted({person.organisation_code for person, _ in here}):
        seats = [seat for person, seat in here if person.organisation_code == organisation_code]
        one = model.new_bool_var("")
        model.add(sum(seats) >= one)
        present.append(one)
    model.add(sum(present) >= organisations * panel)


def _share(
    model: cp_model.CpModel,
    wanted: Sequence[PanelRequest],
    people: Sequence[Panelist],
    sits: dict[tuple[str, str], cp_model.IntVar],
) -> list[cp_model.LinearExprT]:
    """Nobody is in two places in one slot, nor in more panels than they take."""
    loads: list[cp_model.LinearExprT] = []
    for person in people:
        of_slot: dict[str, list[cp_model.IntVar]] = {}
        for request in wanted:
            if (request.request_id, person.panelist_id) in sits:
                seat = sits[request.request_id, person.panelist_id]
                of_slot.setdefault(request.slot_id, []).append(seat)
        for seats in of_slot.values():
            model.add_at_most_one(seats)
        load = sum(seat for seats in of_slot.values() for seat in seats)
        if person.most_panels is not None and of_slot:
            model.add(load <= person.most_panels)
        if of_slot:
            loads.append(load)
    return loads


def _unmanned(
    request: PanelRequest, people: Sequence[Panelist], quorum: int, organisations: int
) -> Unmanned:
    free = [person for person in people if request.slot_id in person.free_slot_ids]
    examiners = [p for p in free if request.language_code in p.examined_language_codes]
    houses = {person.organisation_code for person in free}
    if len(free) < quorum:
        reason = f"{len(free)} panelists are free, the quorum is {quorum}"
    elif not examiners:
        reason = f"nobody who is free examines {request.language_code}"
    elif len(houses) < organisations:
        reason = f"all who are free are of {len(houses)} organisation"
    else:
        reason = "those who are free sit in other panels"
    return Unmanned(request_id=request.request_id, reason=reason)
