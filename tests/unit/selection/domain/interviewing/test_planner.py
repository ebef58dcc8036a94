"""Panels that may sit, and seats for everybody who can have one."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from ortools.graph.python.max_flow import SimpleMaxFlow

from services.selection.domain.interviewing.panels import (
    Panelist,
    PanelRequest,
    make_panels,
)
from services.selection.domain.interviewing.slots import (
    Candidate,
    InterviewSeat,
    plan_interviews,
    rebook,
)

MORNING = datetime(2020, 11, 21, 6, tzinfo=UTC)  # 10 in Baku
SLOTS = frozenset({"s1", "s2"})


def _panelist(panelist_id, organisation_code, *languages, slots=SLOTS, most=None):
    return Panelist(
        panelist_id=panelist_id,
        organisation_code=organisation_code,
        examined_language_codes=frozenset(languages),
        free_slot_ids=frozenset(slots),
        most_panels=most,
    )


def _request(request_id, slot_id="s1", language_code="en"):
    return PanelRequest(request_id=request_id, slot_id=slot_id, language_code=language_code)


SIX = [
    _panelist("a", "service", "en"),
    _panelist("b", "service"),
    _panelist("c", "iom", "en"),
    _panelist("d", "iom"),
    _panelist("e", "university", "fr"),
    _panelist("f", "university"),
]


def test_panels_have_quorum_two_organisations_and_an_examiner():
    requests = [_request("p1"), _request("p2"), _request("p3", "s2", "fr")]
    panels, unmanned = make_panels(requests, SIX, quorum=3)
    assert unmanned == ()
    by_id = {person.panelist_id: person for person in SIX}
    for panel in panels:
        members = [by_id[id_] for id_ in panel.panelist_ids]
        assert len(members) == 3
        assert len({m.organisation_code for m in members}) >= 2
        assert any(panel.language_code in m.examined_language_codes for m in members)
    at_once = [id_ for p in panels if p.slot_id == "s1" for id_ in p.panelist_ids]
    assert len(set(at_once)) == len(at_once) == 6
    assert make_panels(requests[::-1], SIX[::-1], quorum=3) == (panels, ())


@pytest.mark.parametrize(
    ("request_", "people", "reason"),
    [
        (_request("p"), SIX[:2], "2 panelists are free, the quorum is 3"),
        (_request("p", language_code="de"), SIX, "nobody who is free examines de"),
        (
            _request("p"),
            [_panelist(i, "service", "en") for i in "abc"],
            "all who are free are of 1 organisation",
        ),
        (_request("p", "s3"), SIX, "0 panelists are free, the quorum is 3"),
    ],
)
def test_a_panel_that_cannot_be_is_explained(request_, people, reason):
    panels, (unmanned,) = make_panels([request_], people, quorum=3)
    assert (panels, unmanned.reason) == ((), reason)


def test_nobody_sits_in_more_panels_than_they_take_and_work_is_shared():
    requests = [_request("p1"), _request("p2", "s2")]
    people = [_panelist("a", "x", "en", most=1), *SIX[1:]]
    panels, _ = make_panels(requests, people, quorum=3)
    loads = [sum(id_ in p.panelist_ids for p in panels) for id_ in "abcdef"]
    assert (len(panels), max(loads)) == (2, 1)


def _seat(number, *, hours=0, language_code="en", panel=("p",)):
    return InterviewSeat(
        seat_id=f"s{number:04}",
        starts_at=MORNING + timedelta(hours=hours),
        language_code=language_code,
        panelist_ids=frozenset(panel),
    )


def _candidate(number, **changes):
    values = {"candidate_id": f"c{number:04}", "zone": "Asia/Baku", "language_code": "en"}
    return Candidate(**{**values, **changes})


def test_conflicts_languages_zones_and_missed_seats_are_kept_apart():
    seats = [
        _seat(1, panel=("uncle",)),
        _seat(2, language_code="fr"),
        _seat(3, hours=15),  # one in the night in Baku
        _seat(4),
        _seat(5, hours=1),
    ]
    candidate = _candidate(
        1, conflict_ids=frozenset({"uncle"}), missed_seat_ids=frozenset({"s0004"})
    )
    assert plan_interviews([candidate], seats, seed=b"s").seat_ids == {"c0001": "s0005"}
    away = _candidate(2, zone="America/New_York", conflict_ids=frozenset({"uncle"}))
    assert plan_interviews([away], seats, seed=b"s").seat_ids == {"c0002": "s0003"}


def _random_case(seed):
    draw = random.Random(seed)
    panels = [frozenset(draw.sample("abcdef", 3)) for _ in range(4)]
    seats = [
        _seat(
            n,
            hours=draw.choice((0, 3, 8, 15)),
            language_code=draw.choice(("en", "fr")),
            panel=draw.choice(panels),
        )
        for n in range(draw.randint(1, 25))
    ]
    people = [
        _candidate(
            n,
            zone=draw.choice(("Asia/Baku", "Europe/Chisinau", "Asia/Bishkek")),
            language_code=draw.choice(("en", "fr")),
            conflict_ids=frozenset(draw.sample("abcdef", draw.choice((0, 0, 1)))),
        )
        for n in range(draw.randint(1, 20))
    ]
    return people, seats


def _most(people, seats):
    """How many can be placed, by maximum flow over arcs made one by one."""
    flow = SimpleMaxFlow()
    source, sink = len(people) + len(seats), len(people) + len(seats) + 1
    for p, person in enumerate(people):
        flow.add_arc_with_capacity(source, p, 1)
        for s, seat in enumerate(seats):
            if person.candidate_id in plan_interviews([person], [seat], seed=b"s").seat_ids:
                flow.add_arc_with_capacity(p, len(people) + s, 1)
    for s in range(len(seats)):
        flow.add_arc_with_capacity(len(people) + s, sink, 1)
    flow.solve(source, sink)
    return flow.optimal_flow()


@pytest.mark.parametrize("seed", range(25))
def test_as_many_are_placed_as_a_maximum_flow_places(seed):
    people, seats = _random_case(seed)
    plan = plan_interviews(people, seats, seed=b"s", reserve_permille=200)
    assert len(plan.seat_ids) == _most(people, seats)
    assert len(set(plan.seat_ids.values())) == len(plan.seat_ids)
    assert set(plan.unplaced_ids) | set(plan.seat_ids) == {p.candidate_id for p in people}
    shuffled = plan_interviews(people[::-1], seats[::-1], seed=b"s", reserve_permille=200)
    assert shuffled == plan


def test_two_thousand_candidates_have_seats_and_reserves_stay_free():
    seats = [
        _seat(n, hours=(n % 8) * 1, language_code="en" if n % 3 else "fr", panel=(f"p{n % 20}",))
        for n in range(2300)
    ]
    people = [
        _candidate(
            n,
            language_code="en" if n % 3 else "fr",
            conflict_ids=frozenset({f"p{n % 7}"} if n % 5 == 0 else ()),
        )
        for n in range(2000)
    ]
    plan = plan_interviews(people, seats, seed=b"s", reserve_permille=50)
    assert plan.unplaced_ids == ()
    assert len(plan.reserve_seat_ids) >= np.floor(0.05 * len(seats))


def test_who_misses_an_interview_gets_a_reserve_seat_and_nobody_else_moves():
    seats = [_seat(n, hours=n) for n in range(6)]
    plan = plan_interviews(
        [_candidate(n) for n in range(3)], seats, seed=b"s", reserve_permille=340
    )
    assert len(plan.reserve_seat_ids) == 3
    missed = _candidate(0, missed_seat_ids=frozenset({plan.seat_ids["c0000"]}))
    assert rebook(missed, plan, seats) == min(plan.reserve_seat_ids)
    assert rebook(_candidate(0, language_code="fr"), plan, seats) is None


def test_nothing_to_plan_is_planned():
    assert plan_interviews([], [], seed=b"s").seat_ids == {}
    assert plan_interviews([_candidate(1)], [], seed=b"s").unplaced_ids == ("c0001",)
    assert make_panels([], [], quorum=3) == ((), ())
