"""Every page, in both languages, as the person it is for."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from chassis.access import Actor
from tests.builders import console_world as world
from tests.builders.console import APPLICANT, FOCAL_POINT, OPERATOR, Desk, a_desk

PAGES: list[tuple[Actor | None, str, int]] = [
    (None, "/calls", 200),
    (None, f"/calls/{world.CALL_ID}", 200),
    (None, "/signin", 200),
    (None, "/signin/sent", 200),
    (None, "/signin/staff", 200),
    (None, "/signin/link?token=t", 200),
    (None, "/nominations/link?token=t", 200),
    (None, "/new", 200),
    (None, "/verify", 200),
    (None, "/verify?code=", 422),
    (None, f"/verify/{world.CHECK_CODE}", 200),
    (None, "/verify/NOBODY", 404),
    (None, "/nothing-here", 404),
    (OPERATOR, "/cohorts", 200),
    (OPERATOR, f"/cohorts/{world.COHORT_ID}", 200),
    (OPERATOR, "/flow", 200),
    (OPERATOR, f"/flow/parked/notifications/{world.PARKED_ID}", 200),
    (OPERATOR, f"/flow/parked/notifications/{world.PARKED_ID}/skip", 200),
    (OPERATOR, "/flow/audit", 200),
    (OPERATOR, "/mails", 200),
    (OPERATOR, f"/mails/{world.MAIL_ID}", 200),
    (OPERATOR, "/work-plans", 200),
    (OPERATOR, f"/work-plans/{world.WORKPLAN_ID}", 200),
    (APPLICANT, "/me", 200),
    (APPLICANT, f"/me/offers/{world.OFFER_ID}", 200),
    (APPLICANT, f"/me/offers/{world.OFFER_ID}/decline", 200),
    (APPLICANT, f"/me/applications/{world.APPLICATION_ID}/withdraw", 200),
    (APPLICANT, f"/me/timetable/{world.PARTICIPANT_ID}", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}/form", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}/form/places", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}/form/person", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}/form/education", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}/form/motivation", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}/check", 200),
    (APPLICANT, f"/calls/{world.CALL_ID}/sent", 200),
    (FOCAL_POINT, "/nominations", 200),
    (FOCAL_POINT, f"/nominations/{world.FOCAL_POINT_ID}/new", 200),
    (FOCAL_POINT, f"/nominations/{world.NOMINATION_ID}/replace", 200),
]

_VOID = {"meta", "link", "input", "br", "hr", "img"}


class _Checker(HTMLParser):
    """Finds unbalanced tags, repeated ids, labels and descriptions that lead nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.faults: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag not in _VOID:
            self.open.append(tag)
        if tag == "h1":
            self.headings.append(tag)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.wanted += (named.get(name) or "").split()
        for name in named:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"{tag} has {name}")
        if tag in ("style", "script") and not named.get("src"):
            self.faults.append(f"inline {tag}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"unbalanced {tag}")


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    world.fill(desk)
    return desk


@pytest.mark.parametrize("language", ["az", "en"])
@pytest.mark.parametrize(("actor", "path", "status"), PAGES)
def test_page_is_whole_and_in_its_language(
    desk: Desk, actor: Actor | None, path: str, status: int, language: str
) -> None:
    answer = desk.browser(actor, language=language).get(path)
    html = answer.get_data(True)

    checker = _Checker()
    checker.feed(html)
    assert answer.status_code == status, html
    assert f'<html lang="{language}">' in html
    assert checker.faults == []
    assert checker.open == []
    assert len(checker.headings) == 1
    assert sorted(set(checker.ids)) == sorted(checker.ids)
    assert [wanted for wanted in checker.wanted if wanted not in checker.ids] == []
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_page_of_the_app_is_tried(desk: Desk) -> None:
    tried = {
        desk.app.url_map.bind("").match(path.split("?")[0])[0]
        for _, path, status in PAGES
        if path != "/nothing-here"
    }
    pages = {
        rule.endpoint
        for rule in desk.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in _NO_PAGES
    }
    assert pages - tried == set()


_NO_PAGES = {
    "static",
    "issuer.did_document",
    "issuer.status_list",
    "healthz",
    "readyz",
    "metrics",
    "home.start",
    "verify.facts",
    "verify.document",
    "verify.credential",
    "verify.offline",
    "me.calendar",
    "mails.html",
    "mails.attachment",
}


def test_one_main_button_at_most(desk: Desk) -> None:
    for actor, path, _ in PAGES:
        html = desk.browser(actor).get(path).get_data(True)
        main = re.search(r"<main.*?</main>", html, re.DOTALL)
        assert main is not None
        assert main.group(0).count("btn-main") <= 1, path
