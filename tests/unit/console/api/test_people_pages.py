"""Pages of participants, focal points and staff: what they command, and gaps they leave."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import RuleViolation
from services.console.api.cohorts import funnel_of
from services.console.api.mails import mail_policy
from services.console.api.workplans import progress_of, state_of
from tests.builders import console_world as world
from tests.builders.console import APPLICANT, FOCAL_POINT, OPERATOR, Desk, a_desk, form_token


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    world.fill(desk)
    return desk


def post(desk: Desk, actor: Any, path: str, shown_on: str, **fields: Any) -> Any:
    browser = desk.browser(actor)
    token = form_token(browser, shown_on)
    return browser.post(path, data={**fields, "once": "k1", "form_token": token})


def test_offer_is_accepted_as_its_holder(desk: Desk) -> None:
    path = f"/me/offers/{world.OFFER_ID}"

    answer = post(desk, APPLICANT, f"{path}/accept", path)

    assert answer.headers["Location"] == "/me?done=offer_accepted"
    assert desk.clients["selection"].commands() == [(f"/offers/{world.OFFER_ID}/acceptance", None)]
    assert desk.clients["selection"].sent[-1]["actor"] == APPLICANT
    assert desk.clients["selection"].sent[-1]["key"] == "k1"


def test_offer_that_came_too_late_says_so(desk: Desk) -> None:
    path = f"/me/offers/{world.OFFER_ID}"
    desk.clients["selection"].answers[("POST", f"/offers/{world.OFFER_ID}/acceptance")] = (
        RuleViolation("offer.too_late", "too late")
    )

    answer = post(desk, APPLICANT, f"{path}/accept", path)

    assert answer.status_code == 409
    assert "The time to answer has passed" in answer.get_data(True)


def test_offer_is_declined_after_a_question(desk: Desk) -> None:
    path = f"/me/offers/{world.OFFER_ID}/decline"

    assert post(desk, APPLICANT, path, path).headers["Location"] == "/me?done=offer_declined"
    assert desk.clients["selection"].commands() == [(f"/offers/{world.OFFER_ID}/refusal", None)]


def test_application_is_withdrawn_after_a_question(desk: Desk) -> None:
    path = f"/me/applications/{world.APPLICATION_ID}/withdraw"

    assert post(desk, APPLICANT, path, path).headers["Location"] == "/me?done=withdrawn"
    assert desk.clients["registration"].commands() == [
        (f"/applications/{world.APPLICATION_ID}/withdrawal", None)
    ]


def test_own_page_shows_what_it_knows_while_a_service_is_away(desk: Desk) -> None:
    desk.clients["selection"].is_away = True

    answer = desk.browser(APPLICANT).get("/me")

    assert answer.status_code == 200
    assert "No answer from: selection" in answer.get_data(True)
    assert "Migration School 2027, Baku" in answer.get_data(True)


def test_timetable_is_for_members_only_and_in_order(desk: Desk) -> None:
    browser = desk.browser(APPLICANT)
    html = browser.get(f"/me/timetable/{world.PARTICIPANT_ID}").get_data(True)

    assert html.index("part 9") < html.index("part 16") < html.index("part 23")
    assert html.index("part 16") < html.index("Cancelled") < html.index("part 23")
    assert browser.get(f"/me/timetable/{world.OFFER_ID}").status_code == 404
    calendar = browser.get(f"/me/timetable/{world.PARTICIPANT_ID}.ics")
    assert (calendar.mimetype, calendar.get_data()) == ("text/calendar", b"BEGIN:VCALENDAR\r\n")


PERSON = {
    "legal_name": "Nino Magaliti",
    "native_name": "ნინო მაგალითი",
    "email": "nino@example.org",
    "language_code": "en",
}


def test_focal_point_names_an_official(desk: Desk) -> None:
    path = f"/nominations/{world.FOCAL_POINT_ID}/new"

    answer = post(desk, FOCAL_POINT, path, path, **PERSON)

    assert answer.headers["Location"] == "/nominations?done=nominated"
    assert desk.clients["registration"].commands() == [
        ("/nominations", {"focal_point_id": world.FOCAL_POINT_ID, "person": PERSON})
    ]


def test_focal_point_is_told_which_fields_are_wrong(desk: Desk) -> None:
    path = f"/nominations/{world.FOCAL_POINT_ID}/new"

    answer = post(desk, FOCAL_POINT, path, path, **{**PERSON, "email": "nino"})

    assert answer.status_code == 422
    assert 'href="#email"' in answer.get_data(True)
    assert "ნინო მაგალითი" in answer.get_data(True)
    assert desk.clients["registration"].commands() == []


def test_focal_point_without_a_free_place_is_told_to_replace(desk: Desk) -> None:
    path = f"/nominations/{world.FOCAL_POINT_ID}/new"
    refused = RuleViolation("nomination.no_place_left", "full")
    desk.clients["registration"].answers[("POST", "/nominations")] = refused

    answer = post(desk, FOCAL_POINT, path, path, **PERSON)

    assert answer.status_code == 422
    assert "All places are taken. Replace a person instead." in answer.get_data(True)


def test_nomination_is_confirmed_and_replaced(desk: Desk) -> None:
    path = f"/nominations/{world.NOMINATION_ID}"

    confirmed = post(desk, FOCAL_POINT, f"{path}/confirm", "/nominations")
    replaced = post(desk, FOCAL_POINT, f"{path}/replace", f"{path}/replace", **PERSON)

    assert confirmed.headers["Location"] == "/nominations?done=nomination_confirmed"
    assert replaced.headers["Location"] == "/nominations?done=nominee_replaced"
    assert desk.clients["registration"].commands() == [
        (f"{path}/confirmation", None),
        (f"{path}/replacement", {"person": PERSON}),
    ]


def test_funnel_of_an_open_call_and_of_a_nominated_cohort() -> None:
    opened = funnel_of(
        {
            "applications_draft": 4,
            "applications_submitted": 115,
            "applications_withdrawn": 1,
            "participants_enrolled": 1,
            "participants_left": 2,
        },
        {"shortlisted": 48, "interviews_scored": 47, "offers_made": 3, "offers_accepted": 21},
        {"certificates": {"issued": 19, "revoked": 1}},
    )
    nominated = funnel_of(
        {"nominations_confirmed": 30, "nominations_replaced": 1, "participants_enrolled": 30},
        None,
        None,
    )

    assert [(step.code, step.count) for step in opened] == [
        ("started", 120),
        ("sent", 116),
        ("shortlisted", 48),
        ("interviewed", 47),
        ("offered", 24),
        ("enrolled", 3),
        ("certified", 19),
    ]
    assert [(step.code, step.count) for step in nominated] == [
        ("named", 31),
        ("confirmed", 31),
        ("enrolled", 30),
        ("certified", None),
    ]


def test_dashboard_names_the_service_whose_numbers_are_missing(desk: Desk) -> None:
    for service in ("selection", "certification"):
        desk.clients[service].is_away = True

    answer = desk.browser(OPERATOR).get(f"/cohorts/{world.COHORT_ID}")

    html = answer.get_data(True)
    assert answer.status_code == 200
    assert "No answer from: selection, certification." in html
    assert "<b>120</b>" in html


def test_mail_may_show_its_own_styles_and_nothing_else() -> None:
    policy = mail_policy('<style>p{color:red}</style><p style="margin:0">x</p><script>1</script>')

    assert policy.startswith("sandbox allow-popups; default-src 'none'; style-src 'unsafe-hashes' ")
    assert policy.count("'sha256-") == 2
    assert "script-src" not in policy
    assert "unsafe-inline" not in policy


def test_mail_is_shown_in_a_frame_of_its_own(desk: Desk) -> None:
    browser = desk.browser(OPERATOR)
    html = browser.get(f"/mails/{world.MAIL_ID}").get_data(True)
    framed = browser.get(f"/mails/{world.MAIL_ID}/html")
    attachment = browser.get(f"/mails/{world.MAIL_ID}/attachments/0")

    assert '<iframe class="mail-frame" sandbox="allow-popups"' in html
    assert 'href="http://console.test/signin/link?token=abc"' in html
    assert framed.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert attachment.headers["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert browser.get(f"/mails/{world.MAIL_ID}/attachments/1").status_code == 404


def test_mails_are_for_operators_in_demo_and_test_mode(desk: Desk) -> None:
    production = a_desk(mode="production")
    world.fill(production)

    assert desk.browser(APPLICANT).get("/mails").status_code == 403
    assert production.browser(OPERATOR).get("/mails").status_code == 404


def test_work_plan_counts_its_rows_by_state() -> None:
    plan = world.a_work_plan()

    assert progress_of(plan) == 40
    assert [state_of(row, "2026-11-24") for row in plan["items"]] == [
        "done",
        "under_way",
        "late",
        "not_begun",
    ]
