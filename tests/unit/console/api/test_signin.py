"""Signing in and out, links, limits, and what other sites cannot do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chassis.access import Role, Scope
from chassis.errors import Unauthenticated
from services.console.domain.session import session_id_of
from services.console.handlers.signing_in import create_account
from tests.builders import console_world as world
from tests.builders.console import (
    APPLICANT,
    FOCAL_POINT,
    OPERATOR,
    Desk,
    MemoryAccounts,
    a_desk,
    form_token,
)

PASSWORD = "correct horse battery"


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    world.fill(desk)
    create_account(
        accounts=MemoryAccounts(desk.shelves),
        passwords=desk.signing_in.passwords,
        name="nigar",
        role=Role.OPERATOR,
        password=PASSWORD,
    )
    return desk


def sign_in(browser: Any, password: str = PASSWORD, name: str = "nigar") -> Any:
    token = form_token(browser, "/signin/staff")
    sent = {"name": name, "password": password, "form_token": token}
    return browser.post("/signin/staff", data=sent)


def test_password_signs_in_under_an_opaque_cookie(desk: Desk) -> None:
    browser = desk.browser()

    answer = sign_in(browser, name=" Nigar ")

    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("rtcm_session="))
    secret = browser.get_cookie("rtcm_session").value
    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert secret not in desk.shelves.sessions
    assert desk.shelves.sessions[session_id_of(secret)].actor.roles == {Role.OPERATOR}
    assert browser.get("/flow").status_code == 200


def test_wrong_password_and_unknown_name_get_the_same_answer(desk: Desk) -> None:
    browser = desk.browser()
    wrong, unknown = sign_in(browser, "not this one"), sign_in(browser, name="nobody")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert "The name or the password is not right" in wrong.get_data(True)
    assert "The name or the password is not right" in unknown.get_data(True)
    assert "<title>Error: Sign in as staff" in wrong.get_data(True)


def test_too_many_attempts_are_refused_even_with_the_right_password(desk: Desk) -> None:
    browser = desk.browser()
    for _ in range(10):
        assert sign_in(browser, "not this one").status_code == 401

    assert sign_in(browser).status_code == 429
    desk.clock.now += timedelta(minutes=5)
    assert sign_in(browser).status_code == 303


def test_attempts_are_counted_by_address_too(desk: Desk) -> None:
    browser = desk.browser()
    codes = {sign_in(browser, name=f"name{number}").status_code for number in range(50)}

    assert codes == {401}
    assert sign_in(browser).status_code == 429


def test_counts_of_attempts_name_nobody(desk: Desk) -> None:
    sign_in(desk.browser())
    assert not [key for key in desk.shelves.counts if "nigar" in key or "127.0.0.1" in key]


def test_session_ends_when_idle_and_in_any_case_after_its_longest_time(desk: Desk) -> None:
    browser = desk.browser()
    sign_in(browser)

    desk.clock.now += timedelta(minutes=119)
    assert browser.get("/flow").status_code == 200
    desk.clock.now += timedelta(minutes=119)
    assert browser.get("/flow").status_code == 200
    desk.clock.now += timedelta(minutes=121)
    assert browser.get("/flow").status_code == 303

    sign_in(browser)
    for _ in range(12):
        desk.clock.now += timedelta(minutes=59)
        assert browser.get("/flow").status_code == 200
    desk.clock.now += timedelta(minutes=13)
    assert browser.get("/flow").status_code == 303


def test_signing_out_ends_the_session_on_the_server(desk: Desk) -> None:
    browser = desk.browser()
    sign_in(browser)
    secret = browser.get_cookie("rtcm_session").value

    browser.post("/signout", data={"form_token": form_token(browser, "/flow")})

    assert desk.shelves.sessions == {}
    browser.set_cookie("rtcm_session", secret)
    assert browser.get("/flow").status_code == 303


def test_page_asked_for_before_signing_in_comes_after_it(desk: Desk) -> None:
    browser = desk.browser()
    asked = browser.get("/flow/audit")
    browser.get(asked.headers["Location"])

    assert sign_in(browser).headers["Location"] == "/flow/audit"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil", "x", ""])
def test_way_back_never_leaves_the_site(desk: Desk, back: str) -> None:
    browser = desk.browser()
    browser.get("/signin/staff", query_string={"back": back})

    assert sign_in(browser).headers["Location"] == "/"


def test_link_is_asked_for_with_the_same_answer_always(desk: Desk) -> None:
    browser = desk.browser()
    token = form_token(browser, "/signin")

    answer = browser.post("/signin", data={"mail": "a@example.org", "form_token": token})

    assert answer.headers["Location"] == "/signin/sent"
    assert desk.clients["registration"].commands() == [("/signins", {"email": "a@example.org"})]


def test_links_to_one_address_are_limited(desk: Desk) -> None:
    browser = desk.browser()
    sent = {"mail": "A@example.org", "form_token": form_token(browser, "/signin")}
    codes = [browser.post("/signin", data=sent).status_code for _ in range(6)]

    assert codes == [303] * 5 + [429]
    assert len(desk.clients["registration"].commands()) == 5


def link_claims(desk: Desk, **more: Any) -> dict[str, Any]:
    expires = desk.clock.now + timedelta(minutes=15)
    return {
        "iss": "notifications",
        "sub": world.SUBJECT_ID,
        "signin_id": "s1",
        "jti": "j1",
        "exp": int(expires.timestamp()),
        **more,
    }


def follow(browser: Any, path: str, token: str) -> Any:
    shown = form_token(browser, f"{path}?token={token}")
    return browser.post(path, data={"token": token, "form_token": shown})


def test_looking_at_a_link_changes_nothing_and_its_button_works_once(desk: Desk) -> None:
    desk.links.known[("good", "signin")] = link_claims(desk)
    browser = desk.browser()
    for _ in range(3):
        assert browser.get("/signin/link?token=good").status_code == 200
    assert (desk.shelves.sessions, desk.shelves.used) == ({}, set())

    first, second = (
        follow(browser, "/signin/link", "good"),
        follow(desk.browser(), "/signin/link", "good"),
    )

    (session,) = desk.shelves.sessions.values()
    assert (first.status_code, first.headers["Location"]) == (303, "/me")
    assert session.actor.roles == {Role.PARTICIPANT}
    assert session.actor.scope == Scope(subject_id=world.SUBJECT_ID)
    assert second.status_code == 401
    assert "used before" in second.get_data(True)


def test_link_of_another_issuer_is_refused(desk: Desk) -> None:
    desk.links.known[("forged", "signin")] = link_claims(desk, iss="partners")

    assert follow(desk.browser(), "/signin/link", "forged").status_code == 401
    assert desk.shelves.sessions == {}


def test_expired_link_says_what_to_do(desk: Desk) -> None:
    desk.links.known[("old", "signin")] = Unauthenticated("token.expired", "too old")

    answer = follow(desk.browser(), "/signin/link", "old")

    assert answer.status_code == 401
    assert "too old. Ask for a new one" in answer.get_data(True)


def test_signin_link_is_no_focal_point_link(desk: Desk) -> None:
    desk.links.known[("good", "signin")] = link_claims(desk)

    assert follow(desk.browser(), "/nominations/link", "good").status_code == 401


def test_focal_point_link_works_again_until_it_expires(desk: Desk) -> None:
    desk.links.known[("fp", "focal-point")] = link_claims(desk, country="GE", call_id="c1")

    for _ in range(2):
        assert (
            follow(desk.browser(), "/nominations/link", "fp").headers["Location"] == "/nominations"
        )
    assert {session.actor.scope for session in desk.shelves.sessions.values()} == {
        Scope(countries=frozenset({"GE"}))
    }


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_form_without_its_proof_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.browser(OPERATOR)
    path = f"/flow/parked/notifications/{world.PARKED_ID}/redrive"

    assert browser.post(path, headers=headers).status_code == 403
    other = form_token(desk.browser(), "/signin")
    assert browser.post(path, data={"form_token": other}, headers=headers).status_code == 403
    assert desk.clients["notifications"].commands() == []


def test_form_sent_by_another_site_is_refused_even_with_the_proof(desk: Desk) -> None:
    browser = desk.browser(OPERATOR)
    sent = {"form_token": form_token(browser, "/flow")}
    path = f"/flow/parked/notifications/{world.PARKED_ID}/redrive"

    answer = browser.post(path, data=sent, headers={"Sec-Fetch-Site": "same-site"})

    assert answer.status_code == 403
    assert desk.clients["notifications"].commands() == []


def test_language_is_kept_and_shown(desk: Desk) -> None:
    browser = desk.app.test_client()
    token = form_token(browser, "/calls")
    sent = {"language": "en", "back": "/calls", "form_token": token}

    assert '<html lang="az">' in browser.get("/calls").get_data(True)
    assert browser.post("/language", data=sent).headers["Location"] == "/calls"
    assert '<html lang="en">' in browser.get("/calls").get_data(True)


def test_newcomer_is_registered_and_gets_a_link(desk: Desk) -> None:
    browser = desk.browser()
    sent = {
        "legal_name": "Aygun  Numunayeva",
        "native_name": "Aygün Nümunəyeva",
        "email": "aygun@example.org",
        "country_code": "AZ",
        "language_code": "az",
        "agreed": "yes",
        "once": "k1",
        "form_token": form_token(browser, "/new"),
    }

    assert browser.post("/new", data=sent).headers["Location"] == "/signin/sent"
    assert desk.clients["registration"].commands() == [
        (
            "/subjects",
            {
                "legal_name": "Aygun Numunayeva",
                "native_name": "Aygün Nümunəyeva",
                "email": "aygun@example.org",
                "language_code": "az",
                "country_code": "AZ",
                "consent_codes": ["selection"],
            },
        ),
        ("/signins", {"email": "aygun@example.org"}),
    ]


def test_newcomer_who_does_not_agree_is_not_registered(desk: Desk) -> None:
    browser = desk.browser()
    sent = {"legal_name": "A", "email": "x", "form_token": form_token(browser, "/new")}

    answer = browser.post("/new", data=sent)

    html = answer.get_data(True)
    assert answer.status_code == 422
    assert [
        f'href="#{name}"' in html for name in ("legal_name", "email", "country_code", "agreed")
    ] == [True] * 4
    assert 'value="x"' in html
    assert desk.clients["registration"].commands() == []


def test_https_console_uses_host_cookies_and_strict_transport() -> None:
    desk = a_desk(console_url="https://console.test", mode="production")
    answer = desk.app.test_client().get("/signin", base_url="https://console.test")

    cookie = answer.headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("__Host-rtcm_visitor=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert desk.app.test_client().get("/mails", base_url="https://console.test").status_code == 404


def test_person_of_the_centre_does_not_see_pages_of_another_role(desk: Desk) -> None:
    for actor, path in ((APPLICANT, "/flow"), (FOCAL_POINT, "/cohorts"), (OPERATOR, "/me")):
        assert desk.browser(actor).get(path).status_code == 403
