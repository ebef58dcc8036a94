"""The public check of certificates."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chassis.errors import NotFound, RuleViolation
from services.console.api.verify import linkedin_address, outcome_of
from services.console.domain.attempts import FILES_BY_ADDRESS, VERIFY_BY_ADDRESS
from tests.builders import console_world as world
from tests.builders.console import Desk, a_desk, form_token


@pytest.fixture
def desk() -> Desk:
    desk = a_desk()
    world.fill(desk)
    return desk


def shown(desk: Desk, certificate: dict[str, Any], language: str = "en") -> str:
    path = ("GET", f"/verify/{world.CHECK_CODE}")
    desk.clients["certification"].answers[path] = certificate
    page: str = desk.browser(language=language).get(f"/verify/{world.CHECK_CODE}").get_data(True)
    return page


def changed(status: str, **more: Any) -> dict[str, Any]:
    history = [
        {
            "status": status,
            "reason_code": "issued_in_error",
            "changed_at": "2027-09-15T06:00:00+00:00",
        }
    ]
    return world.a_verification(status=status, is_valid=False, history=history, **more)


def test_valid_certificate_shows_every_fact_of_the_paper(desk: Desk) -> None:
    html = shown(desk, world.a_verification())

    for fact in (
        "This certificate is valid",
        "Sertifikat etibarlıdır",
        "Aygun Numunayeva",
        "Migration School 2027, Baku",
        "Miqrasiya Məktəbi 2027, Bakı",
        "9 January to 3 July 2027",
        "118.5 hours",
        "118,5 saat",
        "9 July 2027",
        "MS-9-2027-7K4M-9QXD",
        "Murad Misalov",
    ):
        assert fact in html


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (changed("superseded", successor_serial="MS-9-2027-NEWER"), "Replaced by a newer one"),
        (changed("revoked"), "This certificate is revoked"),
        (changed("suspended"), "does not count for the time being"),
        (world.erased_verification(), "data are erased"),
        (world.a_verification(proof_holds=False), "cannot be confirmed"),
    ],
)
def test_other_states_are_never_called_valid(
    desk: Desk, certificate: dict[str, Any], words: str
) -> None:
    html = shown(desk, certificate)

    assert words in html
    assert "This certificate is valid" not in html
    assert "Sertifikat etibarlıdır" not in html


def test_changed_certificate_says_when_and_why(desk: Desk) -> None:
    html = shown(desk, changed("revoked"))

    assert "15 September 2027" in html
    assert "Issued in error" in html
    assert "Səhvən verilib" in html


def test_erased_certificate_names_nobody(desk: Desk) -> None:
    html = shown(desk, world.erased_verification())

    assert "Aygun" not in html
    assert "MS-9-2027-7K4M-9QXD" in html


def test_unknown_code_offers_another_try(desk: Desk) -> None:
    answer = desk.browser().get("/verify/ABCDE")

    assert answer.status_code == 404
    assert "has issued no certificate with this code" in answer.get_data(True)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "../../subjects", "a" * 500])
def test_typed_code_reaches_the_service_as_a_code_only(desk: Desk, typed: str) -> None:
    answer = desk.browser().get("/verify", query_string={"code": typed}, follow_redirects=True)

    paths = [each["path"] for each in desk.clients["certification"].sent]
    assert answer.status_code == 404
    assert "<script>alert" not in answer.get_data(True)
    assert all(path.startswith("/verify/") and path.count("/") == 2 for path in paths)
    assert all(len(path) < 80 for path in paths)


def test_facts_come_as_json_for_everybody(desk: Desk) -> None:
    answer = desk.app.test_client().get(f"/verify/{world.CHECK_CODE}.json")

    assert answer.json == world.a_verification()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_unknown_facts_are_a_problem_in_json(desk: Desk) -> None:
    answer = desk.app.test_client().get("/verify/NOBODY.json")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_paper_comes_as_pdf(desk: Desk) -> None:
    answer = desk.app.test_client().get(f"/verify/{world.CHECK_CODE}.pdf")

    assert (answer.mimetype, answer.get_data()) == ("application/pdf", b"%PDF-1.7")


@pytest.mark.parametrize(
    ("language", "words"),
    [("az", "Sertifikat etibarlıdır"), ("ru", "Сертификат действителен"),
     ("ka", "სერტიფიკატი ძალაშია"), ("en", "This certificate is valid")],
)  # fmt: skip
def test_check_speaks_four_languages(desk: Desk, language: str, words: str) -> None:
    desk.clients["certification"].answers["GET", f"/verify/{world.CHECK_CODE}"] = (
        world.a_verification()
    )
    answer = desk.browser().get(f"/verify/{world.CHECK_CODE}?lang={language}")
    html = answer.get_data(True)
    assert f'<html lang="{language}">' in html
    assert words in html


def test_browser_that_asks_for_russian_gets_it_here_and_not_elsewhere(desk: Desk) -> None:
    browser = desk.app.test_client()
    russian = {"Accept-Language": "ru"}
    assert "Проверка сертификата" in browser.get("/verify", headers=russian).get_data(True)
    assert '<html lang="az">' in browser.get("/calls", headers=russian).get_data(True)


def a_comparison(**changes: Any) -> dict[str, Any]:
    same = {
        "form": "pdf",
        "is_same_file": True,
        "proof_holds": True,
        "differences": [],
        "certificate": world.a_verification(),
    }
    return same | changes


def sent(desk: Desk, answer: Any, content: bytes = b"%PDF-1.7 shown") -> Any:
    desk.clients["certification"].answers["POST", "/verify/comparison"] = answer
    browser = desk.browser(language="en")
    token = form_token(browser, "/verify")
    # Written by hand: the test client would leave a large one lying in a temporary file.
    parts = (
        b'--part\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n',
        token.encode(),
        b'\r\n--part\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n',
        content,
        b"\r\n--part--\r\n",
    )
    kind = "multipart/form-data; boundary=part"
    return browser.post("/verify/file?lang=en", data=b"".join(parts), content_type=kind)


def test_altered_file_is_told_fact_by_fact(desk: Desk) -> None:
    changed_name = {"fact": "holder_name", "issued": "Aygun Numunayeva", "presented": "Other <b>"}
    answer = sent(desk, a_comparison(is_same_file=False, differences=[changed_name]))
    html = answer.get_data(True)
    assert answer.status_code == 200
    for words in ("This file was altered", "Aygun Numunayeva", "Other &lt;b&gt;", "is valid"):
        assert words in html
    body = desk.clients["certification"].commands()[-1][1]
    assert body == {"content": "JVBERi0xLjcgc2hvd24="}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "same"),
        ({"is_same_file": False}, "other"),
        ({"differences": [{"fact": "minutes"}]}, "altered"),
        ({"form": "credential", "is_same_file": None}, "agrees"),
        ({"form": "credential", "is_same_file": None, "proof_holds": False}, "unsigned"),
        ({"is_same_file": None, "certificate": world.erased_verification()}, "erased"),
    ],
)
def test_comparison_ends_in_one_word(changes: dict[str, Any], outcome: str) -> None:
    assert outcome_of(a_comparison(**changes)) == outcome


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (NotFound("certificate.not_found", "no"), "names no certificate of this centre"),
        (RuleViolation("document.unreadable", "no"), "The file cannot be read"),
    ],
)
def test_file_that_is_not_ours_is_told_so(desk: Desk, refused: Exception, words: str) -> None:
    answer = sent(desk, refused)
    assert answer.status_code == refused.status  # type: ignore[attr-defined]
    assert words in answer.get_data(True)


def test_form_without_file_asks_for_one(desk: Desk) -> None:
    answer = sent(desk, a_comparison(), content=b"")
    assert answer.status_code == 422
    assert 'href="#file"' in answer.get_data(True)


def test_file_of_a_megabyte_is_taken_and_one_of_five_is_not(desk: Desk) -> None:
    assert sent(desk, a_comparison(), content=b"%PDF-" + b"0" * 1_000_000).status_code == 200
    assert sent(desk, a_comparison(), content=b"%PDF-" + b"0" * 5_000_000).status_code == 413


def test_who_looks_up_too_often_waits(desk: Desk) -> None:
    browser = desk.browser(language="en")
    key = VERIFY_BY_ADDRESS.key("127.0.0.1", desk.clock())
    desk.shelves.counts[key] = VERIFY_BY_ADDRESS.count
    for path in (f"/verify/{world.CHECK_CODE}", "/verify/ABCDE", "/verify/ABCDE.json"):
        assert browser.get(path).status_code == 429
    assert int(browser.get("/verify/ABCDE").headers["Retry-After"]) > 0
    desk.shelves.counts[FILES_BY_ADDRESS.key("127.0.0.1", desk.clock())] = FILES_BY_ADDRESS.count
    assert sent(desk, a_comparison()).status_code == 429


def test_valid_certificate_can_be_added_to_a_profile(desk: Desk) -> None:
    address = linkedin_address(world.a_verification())
    asked = parse_qs(urlsplit(address).query)
    assert asked["startTask"] == ["CERTIFICATION_NAME"]
    assert asked["name"] == ["Migration School 2027, Baku"]
    assert (asked["issueYear"], asked["issueMonth"]) == (["2027"], ["7"])
    assert asked["certId"] == ["MS-9-2027-7K4M-9QXD"]
    assert "linkedin.com/profile/add" in shown(desk, world.a_verification())
    assert "linkedin.com" not in shown(desk, changed("revoked"))


def test_offline_page_is_saved_and_not_shown(desk: Desk) -> None:
    answer = desk.app.test_client().get("/verify/offline.html")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "crypto.subtle.verify" in answer.get_data(True)
