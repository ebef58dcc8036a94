"""The public check of certificates."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import console_world as world
from tests.builders.console import Desk, a_desk


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
