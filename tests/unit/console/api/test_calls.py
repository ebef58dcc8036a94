"""Filling a form: kept section by section, checked, sent."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.errors import FieldProblem, InvalidBody, RuleViolation, StaleVersion
from tests.builders import console_world as world
from tests.builders.console import APPLICANT, CannedClient, Desk, a_desk, form_token, listed

FORM = f"/calls/{world.CALL_ID}/form"
CHECK = f"/calls/{world.CALL_ID}/check"
DRAFT = f"/applications/{world.APPLICATION_ID}/draft"
SUBMISSION = f"/applications/{world.APPLICATION_ID}/submission"

EDUCATION = {"q-level": "graduate", "q-graduated_in": "2025", "q-fields": "law"}


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    world.fill(desk)
    return desk


@pytest.fixture
def registration(desk: Desk) -> CannedClient:
    return desk.clients["registration"]


def keep(client: CannedClient, **application: Any) -> None:
    """Have registration hold this application."""
    held = world.an_application(**application)
    client.answers[("GET", "/applications")] = listed({**held, "answers": {}})
    client.answers[("GET", f"/applications/{world.APPLICATION_ID}")] = held


def post(desk: Desk, path: str, **fields: Any) -> Any:
    browser = desk.browser(APPLICANT)
    token = form_token(browser, path)
    return browser.post(path, data={**fields, "form_token": token})


def test_section_is_saved_over_what_was_kept_and_leads_on(
    desk: Desk, registration: CannedClient
) -> None:
    keep(registration, answers={"full_name": "Aygün"})

    answer = post(desk, f"{FORM}/education", **EDUCATION)

    assert answer.headers["Location"] == f"{FORM}/motivation"
    assert registration.commands() == [
        (
            DRAFT,
            {
                "preferences": [world.COHORT_ID],
                "answers": {
                    "full_name": "Aygün",
                    "level": "graduate",
                    "graduated_in": 2025,
                    "fields": ["law"],
                },
            },
        )
    ]
    assert registration.sent[-1]["if_match"] == '"1"'
    assert registration.sent[-1]["actor"] == APPLICANT


def test_incomplete_section_is_saved_all_the_same_and_says_what_is_missing(
    desk: Desk, registration: CannedClient
) -> None:
    answer = post(desk, f"{FORM}/education", **{"q-level": "master"})

    html = answer.get_data(True)
    assert answer.status_code == 422
    assert registration.commands()[0][1]["answers"] == {"level": "master"}
    assert "<title>Error: Education" in html
    assert "There is 1 error on this page" in html
    assert 'href="#q-fields"' in html
    assert 'value="master" checked' in html


def test_section_saved_for_later_asks_for_nothing(desk: Desk, registration: CannedClient) -> None:
    answer = post(desk, f"{FORM}/education", **{"q-level": "master", "later": "1"})

    assert answer.headers["Location"] == f"{FORM}?done=saved"
    assert registration.commands()[0][1]["answers"] == {"level": "master"}


def test_wrong_answer_is_shown_again_as_typed_and_not_kept(
    desk: Desk, registration: CannedClient
) -> None:
    answer = post(desk, f"{FORM}/education", **{**EDUCATION, "q-graduated_in": "1999"})

    html = answer.get_data(True)
    assert answer.status_code == 422
    assert "Enter a number of at least 2015" in html
    assert 'value="1999"' in html
    assert "graduated_in" not in registration.commands()[0][1]["answers"]


def test_answer_to_a_question_that_is_not_shown_is_kept_but_not_asked_for(
    desk: Desk, registration: CannedClient
) -> None:
    answer = post(desk, f"{FORM}/education", **{"q-level": "master", "q-fields": "law"})

    assert answer.headers["Location"] == f"{FORM}/motivation"


def test_last_section_leads_to_the_check_and_yes_to_the_section_it_opens(desk: Desk) -> None:
    no = post(desk, f"{FORM}/motivation", **{"q-why": "To learn", "q-worked": "no"})
    yes = post(desk, f"{FORM}/motivation", **{"q-why": "To learn", "q-worked": "yes"})

    assert no.headers["Location"] == CHECK
    assert yes.headers["Location"] == f"{FORM}/work"


def test_what_another_tab_saved_meanwhile_stays(desk: Desk, registration: CannedClient) -> None:
    keep(registration, answers={"full_name": "Aygün"})
    newer = world.an_application(answers={"full_name": "Aygün", "why": "Written elsewhere"})

    def save(call: dict[str, Any]) -> None:
        if "why" not in call["body"]["answers"]:
            registration.answers[("GET", f"/applications/{world.APPLICATION_ID}")] = newer
            raise StaleVersion("application.changed_meanwhile", "read it again")

    registration.answers[("PUT", DRAFT)] = save

    answer = post(desk, f"{FORM}/education", **EDUCATION)

    assert answer.status_code == 303
    assert registration.commands()[-1][1]["answers"] == {
        "full_name": "Aygün",
        "why": "Written elsewhere",
        "level": "graduate",
        "graduated_in": 2025,
        "fields": ["law"],
    }


def test_closed_call_is_told_on_the_page_and_keeps_what_was_typed(
    desk: Desk, registration: CannedClient
) -> None:
    registration.answers[("PUT", DRAFT)] = RuleViolation("call.closed", "closed")

    answer = post(desk, f"{FORM}/education", **EDUCATION)

    html = answer.get_data(True)
    assert answer.status_code == 422
    assert "The call is closed" in html
    assert 'value="2025"' in html


def test_section_that_is_not_shown_is_not_there(desk: Desk) -> None:
    assert desk.browser(APPLICANT).get(f"{FORM}/work").status_code == 404


def test_check_shows_answers_in_words(desk: Desk, registration: CannedClient) -> None:
    keep(registration, answers=world.COMPLETE_ANSWERS)

    html = desk.browser(APPLICANT).get(CHECK).get_data(True)

    for shown in (
        "Aygün Nümunəyeva",
        "28 February 2003",
        "Azerbaijan",
        "No, I have graduated",
        "Law",
    ):
        assert shown in html
    assert "still missing" not in html


def test_check_lists_what_is_missing(desk: Desk, registration: CannedClient) -> None:
    keep(registration, answers={**world.COMPLETE_ANSWERS, "why": ""})

    html = desk.browser(APPLICANT).get(CHECK).get_data(True)

    assert "1 answer is still missing" in html
    assert f'{FORM}/motivation#q-why"' in html


def test_sending_is_one_command_however_often_the_button_is_pressed(
    desk: Desk, registration: CannedClient
) -> None:
    browser = desk.browser(APPLICANT)
    sent = {"form_token": form_token(browser, CHECK), "once": "k1"}

    first, second = browser.post(CHECK, data=sent), browser.post(CHECK, data=sent)

    assert first.headers["Location"] == second.headers["Location"] == f"/calls/{world.CALL_ID}/sent"
    assert [each["key"] for each in registration.sent if each["path"] == SUBMISSION] == ["k1", "k1"]


def test_refused_sending_leads_to_each_wrong_answer(desk: Desk, registration: CannedClient) -> None:
    keep(registration, answers=world.COMPLETE_ANSWERS)
    registration.answers[("POST", SUBMISSION)] = InvalidBody(
        "answers.incomplete",
        "some answers are wrong",
        problems=[FieldProblem("answers.mail", "not_email", "write an e-mail address")],
    )

    answer = post(desk, CHECK, once="k1")

    html = answer.get_data(True)
    assert answer.status_code == 422
    assert f'{FORM}/person#q-mail"' in html
    assert "Enter an e-mail address" in html


def test_change_of_a_sent_application_is_an_amendment(
    desk: Desk, registration: CannedClient
) -> None:
    keep(registration, status="submitted", answers=world.COMPLETE_ANSWERS)

    post(desk, f"{FORM}/education", **{**EDUCATION, "q-fields": "politics"})

    ((path, body),) = registration.commands()
    assert path == f"/applications/{world.APPLICATION_ID}/amendment"
    assert body["answers"] == {**world.COMPLETE_ANSWERS, "fields": ["politics"]}


def test_application_starts_once_with_the_only_cohort(
    desk: Desk, registration: CannedClient
) -> None:
    registration.answers[("GET", "/applications")] = listed()
    browser = desk.browser(APPLICANT)
    sent = {"form_token": form_token(browser, f"/calls/{world.CALL_ID}"), "once": "k1"}

    answer = browser.post(f"/calls/{world.CALL_ID}/start", data=sent)

    assert answer.headers["Location"] == FORM
    assert registration.commands() == [
        (
            "/applications",
            {"call_id": world.CALL_ID, "preferences": [world.COHORT_ID], "answers": {}},
        )
    ]


def test_groups_are_saved_in_their_order_each_once(desk: Desk, registration: CannedClient) -> None:
    cohort_ids = [world.COHORT_ID, world.OTHER_COHORT_ID]
    registration.answers[("GET", f"/public/calls/{world.CALL_ID}")] = world.a_call(
        cohort_ids=cohort_ids, preference_limit=2
    )

    answer = post(desk, f"{FORM}/places", preferences=[world.OTHER_COHORT_ID, world.COHORT_ID])

    assert answer.headers["Location"] == f"{FORM}?done=saved"
    assert registration.commands()[0][1]["preferences"] == list(reversed(cohort_ids))


def test_form_of_nobody_leads_to_the_call(desk: Desk, registration: CannedClient) -> None:
    registration.answers[("GET", "/applications")] = listed()

    assert desk.browser(APPLICANT).get(FORM).headers["Location"] == f"/calls/{world.CALL_ID}"


def test_call_is_not_open_after_its_closing_instant(desk: Desk, registration: CannedClient) -> None:
    closed = world.a_call(closes_at="2026-11-24T06:40:00+00:00")
    registration.answers[("GET", f"/public/calls/{world.CALL_ID}")] = closed

    html = desk.browser().get(f"/calls/{world.CALL_ID}").get_data(True)

    assert "Applications are not taken now" in html
    assert "Start an application" not in html
