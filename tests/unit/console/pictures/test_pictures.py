"""Numbers into geometry."""

from __future__ import annotations

from services.console.pictures.funnel import steps
from services.console.pictures.tellers import edges


def test_funnel_names_who_left_before_the_next_step() -> None:
    drawn = steps([("sent", 100), ("shortlisted", 25), ("offered", 5)])

    assert [(step.code, step.count, step.left) for step in drawn] == [
        ("sent", 100, 75),
        ("shortlisted", 25, 20),
        ("offered", 5, None),
    ]
    assert [(step.top, step.height, step.next_top) for step in drawn] == [
        ("0.0", "112.0", "84.0"),
        ("84.0", "28.0", "106.4"),
        ("106.4", "5.6", None),
    ]
    assert [(step.share_before, step.share) for step in drawn] == [
        ("100.0%", "100.0%"),
        ("100.0%", "25.0%"),
        ("25.0%", "5.0%"),
    ]


def test_funnel_step_of_a_service_that_is_away_has_no_number() -> None:
    sent, shortlisted, enrolled = steps([("sent", 10), ("shortlisted", None), ("enrolled", 4)])

    assert (shortlisted.count, shortlisted.left, shortlisted.height) == (None, None, "0.0")
    assert (sent.left, enrolled.count) == (None, 4)
    assert [step.next_top for step in (sent, shortlisted, enrolled)] == [None, None, None]


def test_funnel_of_nobody_is_flat() -> None:
    assert [step.height for step in steps([("sent", 0), ("offered", 0)])] == ["0.0", "0.0"]


def test_edges_are_as_wide_as_what_waits_and_broken_where_parked() -> None:
    drawn = edges(
        ["registration", "selection"],
        {
            "selection": {"rtcm.registration.call": 30, "rtcm.registration.application": 10},
            "registration": {"rtcm.selection.offer": 0},
        },
        {"selection": frozenset({"rtcm.registration.call"})},
    )

    assert [(e.teller, e.listener, e.behind, e.is_blocked, e.width) for e in drawn] == [
        ("selection", "registration", 0, False, "1.0"),
        ("registration", "selection", 40, True, "8.0"),
    ]
    assert drawn[1].path == "M0 15C45 15 55 45 100 45"


def test_edges_leave_out_services_that_are_not_shown() -> None:
    assert edges(["selection"], {"selection": {"rtcm.registration.call": 1}}, {}) == []
