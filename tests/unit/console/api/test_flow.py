"""The event flow page and what operators do on it."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import NotFound, RuleViolation
from tests.builders import console_world as world
from tests.builders.console import OPERATOR, Desk, a_desk, form_token

PARKED = f"/flow/parked/notifications/{world.PARKED_ID}"


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    world.fill(desk)
    return desk


def post(desk: Desk, path: str, shown_on: str = "/flow", **fields: Any) -> Any:
    browser = desk.browser(OPERATOR)
    return browser.post(path, data={**fields, "form_token": form_token(browser, shown_on)})


def rows(html: str) -> dict[str, str]:
    """Service -> its row of the table."""
    table = html.split('id="lag"')[1].split("</table>")[0]
    return {row.split("<")[0]: row for row in table.split('<th scope="row">')[1:]}


def test_each_service_stands_with_its_numbers_and_its_state(desk: Desk) -> None:
    shown = rows(desk.browser(OPERATOR).get("/flow").get_data(True))

    assert "Something is parked" in shown["notifications"]
    assert '<td class="r">214</td>' in shown["notifications"]
    assert "1 failed" in shown["notifications"]
    assert "due now" in shown["notifications"]
    assert "Keeps up" in shown["registration"]


def test_service_that_is_away_is_named_and_holds_nobody_up(desk: Desk) -> None:
    desk.clients["selection"].is_away = True

    html = desk.browser(OPERATOR).get("/flow").get_data(True)

    assert "No answer from: selection." in html
    assert "No answer" in rows(html)["selection"]
    assert "Keeps up" in rows(html)["registration"]


@pytest.mark.parametrize(
    ("flow", "state"),
    [
        ({"workers": []}, "No worker lives"),
        ({"workers": [{"breaker_open": True}]}, "Stopped itself"),
        ({"lag": {"rtcm.registration.call": 3}}, "Catching up"),
        ({"pending": 3}, "Catching up"),
    ],
)
def test_state_names_the_worst(desk: Desk, flow: dict[str, Any], state: str) -> None:
    desk.clients["selection"].answers[("GET", "/ops/flow")] = world.a_flow("selection", **flow)

    assert state in rows(desk.browser(OPERATOR).get("/flow").get_data(True))["selection"]


def test_only_the_state_is_sent_to_htmx(desk: Desk) -> None:
    answer = desk.browser(OPERATOR).get("/flow", headers={"HX-Request": "true"})

    assert "<html" not in answer.get_data(True)
    assert 'id="lag"' in answer.get_data(True)
    assert "HX-Request" in answer.headers["Vary"]


def test_redrive_is_asked_of_the_service_as_the_operator(desk: Desk) -> None:
    answer = post(desk, f"{PARKED}/redrive")

    assert answer.headers["Location"] == "/flow?done=redriven"
    assert desk.clients["notifications"].commands() == [
        (f"/ops/parked/{world.PARKED_ID}/redrive", None)
    ]
    assert desk.clients["notifications"].sent[-1]["actor"] == OPERATOR


def test_redrive_that_fails_again_says_so_on_the_event(desk: Desk) -> None:
    path = ("POST", f"/ops/parked/{world.PARKED_ID}/redrive")
    desk.clients["notifications"].answers[path] = RuleViolation("parked.failed_again", "again")

    answer = post(desk, f"{PARKED}/redrive")

    assert answer.status_code == 409
    assert "It failed again for the same reason" in answer.get_data(True)


def test_redrive_of_what_somebody_else_redrove_goes_back_quietly(desk: Desk) -> None:
    path = ("POST", f"/ops/parked/{world.PARKED_ID}/redrive")
    desk.clients["notifications"].answers[path] = NotFound("parked.not_found", "gone")

    assert post(desk, f"{PARKED}/redrive").headers["Location"] == "/flow?done=parked_gone"


def test_skip_needs_a_reason(desk: Desk) -> None:
    short = post(desk, f"{PARKED}/skip", reason="  x ")

    assert short.status_code == 422
    assert "Enter a reason of 3 to 500 characters" in short.get_data(True)
    assert desk.clients["notifications"].commands() == []


def test_skip_hands_over_its_reason(desk: Desk) -> None:
    answer = post(desk, f"{PARKED}/skip", reason="sent by hand")

    assert answer.headers["Location"] == "/flow?done=skipped"
    assert desk.clients["notifications"].commands() == [
        (f"/ops/parked/{world.PARKED_ID}/skip", {"reason": "sent by hand"})
    ]


def test_failed_job_is_tried_again(desk: Desk) -> None:
    answer = post(desk, "/flow/jobs/notifications/retry", kind="send", key="m-1")

    assert answer.headers["Location"] == "/flow?done=job_retried"
    assert desk.clients["notifications"].commands() == [
        ("/ops/jobs/retry", {"kind": "send", "key": "m-1"})
    ]


def test_unknown_service_is_not_there(desk: Desk) -> None:
    path = f"/flow/parked/nobody/{world.PARKED_ID}"
    assert desk.browser(OPERATOR).get(path).status_code == 404
