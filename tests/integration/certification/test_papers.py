"""A cohort's papers together, and files that people were shown, on a real database."""

from __future__ import annotations

import copy
import io
import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest

from chassis.access import EVERYTHING, Role, Scope
from chassis.ids import new_id
from chassis.mongo.connection import Database
from services.certification.domain.documents.rendering import render_pdf
from services.certification.storage.repositories import Repositories
from tests.integration.certification.scene import (
    COHORT,
    Scene,
    Vault,
    erasure_requested,
    person,
)
from tests.integration.certification.test_story import begin, facts, issue_all

pytestmark = pytest.mark.mongo


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    vault = Vault()
    with vault.serving() as url:
        scene = Scene(database, tmp_path, vault, url)
        begin(scene)
        scene.hear(*facts())
        yield scene


def compared(scene: Scene, content: bytes) -> dict:
    body = {"content": b64encode(content).decode()}
    answer = scene.call("POST", "/verify/comparison", role=None, json=body)
    assert answer.status_code == 200, answer.json
    return answer.json


def printed(scene: Scene, certificate: dict) -> bytes:
    path = f"/verify/{certificate['check_code']}/document"
    return scene.call("GET", path, role=None).data


def edited(scene: Scene, certificate: dict, **changes: object) -> bytes:
    """The document somebody would have who changed some facts in it."""
    stored = Repositories.of(scene.platform.outbox).certificates
    content = stored.get(certificate["id"], scope=EVERYTHING).content
    assert content is not None
    return render_pdf(replace(content, **changes))


def test_the_document_as_it_was_issued_is_the_same_file(scene):
    certificate = issue_all(scene)[person(0)[1]]
    answer = compared(scene, printed(scene, certificate))
    assert (answer["form"], answer["is_same_file"], answer["proof_holds"]) == ("pdf", True, True)
    assert answer["differences"] == []
    assert answer["certificate"]["holder_name"] == "Aygün Əliyeva"


def test_an_edited_document_is_caught_by_the_fact(scene):
    certificate = issue_all(scene)[person(0)[1]]
    answer = compared(scene, edited(scene, certificate, holder_name="Başqa Adam", minutes=3600))
    assert answer["is_same_file"] is False
    assert [(one["fact"], one["issued"], one["presented"]) for one in answer["differences"]] == [
        ("holder_name", "Aygün Əliyeva", "Başqa Adam"),
        ("minutes", "6 saat", "60 saat"),
        ("minutes", "6 hours", "60 hours"),
    ]


def test_bytes_behind_the_document_are_noticed_although_every_word_agrees(scene):
    certificate = issue_all(scene)[person(0)[1]]
    answer = compared(scene, printed(scene, certificate) + b"\n% more\n")
    assert (answer["is_same_file"], answer["differences"]) == (False, [])


def test_an_edited_credential_is_caught_by_fact_and_proof(scene):
    certificate = issue_all(scene)[person(0)[1]]
    path = f"/verify/{certificate['check_code']}/credential"
    credential = json.loads(scene.call("GET", path, role=None).data)
    assert compared(scene, json.dumps(credential).encode())["differences"] == []
    forged = copy.deepcopy(credential)
    forged["creditedMinutes"] = 9000

    answer = compared(scene, json.dumps(forged).encode())

    assert (answer["form"], answer["proof_holds"]) == ("credential", False)
    assert answer["differences"] == [
        {"fact": "minutes", "issued": str(credential["creditedMinutes"]), "presented": "9000"}
    ]


def test_after_erasure_a_copy_learns_the_status_and_no_name(scene):
    certificate = issue_all(scene)[person(0)[1]]
    copy_of_it = printed(scene, certificate)
    scene.hear(erasure_requested(0))
    answer = compared(scene, copy_of_it)
    assert (answer["is_same_file"], answer["proof_holds"]) == (None, True)
    assert answer["certificate"]["is_erased"] is True
    assert "Aygün" not in json.dumps(answer, ensure_ascii=False)


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"hello", 404, "certificate.not_found"),
        (b"{}", 404, "certificate.not_found"),
        (
            b'{"verification": "https://x/9WBXB-9S1XJ-4Z3EY-KFPK3"}',
            404,
            "certificate.not_found",
        ),
        (b"%PDF-1.7 nothing", 409, "document.unreadable"),
    ],
)
def test_what_is_not_ours_is_answered_alike(scene, content, status, code):
    body = {"content": b64encode(content).decode()}
    answer = scene.call("POST", "/verify/comparison", role=None, json=body)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_a_file_that_is_no_base64_is_refused(scene):
    answer = scene.call("POST", "/verify/comparison", role=None, json={"content": "ə"})
    assert (answer.status_code, answer.json["code"]) == (400, "body.not_base64")


def test_an_archive_holds_each_certificate_as_it_was_printed(scene):
    certificates = issue_all(scene)
    answer = scene.call("GET", f"/cohorts/{COHORT}/certificates.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    archive = ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {
        f"{one['serial']}.pdf": printed(scene, one) for one in certificates.values()
    }


def test_a_pack_has_a_page_for_each_certificate_in_force(scene):
    certificates = issue_all(scene)
    revoked = certificates[person(0)[1]]["id"]
    path = f"/certificates/{revoked}/revocation"
    scene.call("POST", path, json={"reason_code": "issued_in_error"})
    answer = scene.call("GET", f"/cohorts/{COHORT}/certificates.pdf")
    (page,) = pypdfium2.PdfDocument(answer.data)
    assert "გიორგი ბერიძე" in page.get_textpage().get_text_range()


@pytest.mark.parametrize("kind", ["zip", "pdf"])
def test_a_cohort_without_certificates_or_of_another_country_has_no_papers(scene, kind):
    issue_all(scene)
    elsewhere = Scope(countries=frozenset({"GE"}))
    for cohort, scope in ((COHORT, elsewhere), (new_id(), None)):
        path = f"/cohorts/{cohort}/certificates.{kind}"
        answer = scene.call("GET", path, role=Role.COORDINATOR, scope=scope)
        assert (answer.status_code, answer.json["code"]) == (404, "certificate.not_found")
