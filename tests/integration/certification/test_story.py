"""From attendance to a certificate that anybody can verify, on a real database."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pypdfium2
import pytest

from chassis.access import Role, Scope
from chassis.mongo.connection import Database
from contracts.event import Event
from services.certification.domain.credentials.proofs import JCS, RDFC, check_proofs
from tests.builders.certification import NOON
from tests.integration.certification.scene import (
    COHORT,
    SESSIONS,
    Scene,
    Vault,
    cohort_announced,
    completed,
    corrected,
    enrolled,
    erasure_requested,
    left,
    person,
    recorded,
    released,
)

pytestmark = pytest.mark.mongo
TERMS = {
    "grades": [{"kind_code": "completion", "overall": {"percent": 80}}],
    "hold_minutes": 60,
}


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Iterator[Scene]:
    vault = Vault()
    with vault.serving() as url:
        yield Scene(database, tmp_path, vault, url)


def begin(scene: Scene) -> None:
    scene.hear(cohort_announced())
    answer = scene.call("PUT", f"/award-rules/{COHORT}", json=TERMS)
    assert (answer.status_code, answer.json["rule_version"]) == (200, 1)
    for number, name in enumerate(["Aygün Əliyeva", "İlqar Öztürk", "გიორგი ბერიძე"]):
        scene.vault.names[person(number)[1]] = name


def facts() -> list[Event]:
    """Three enrolled; the third misses half, is corrected to all; the second leaves in time."""
    events: list[Event] = [enrolled(0), enrolled(1), enrolled(2), released()]
    events += [recorded(n, {0: 90, 1: 90 if n < 1 else 0, 2: 90 if n < 2 else 0}) for n in range(4)]
    events += [corrected(n, 2, 85, at=NOON + timedelta(days=1, hours=n)) for n in (2, 3)]
    return [*events, left(1), completed()]


def issue_all(scene: Scene) -> dict[str, dict]:
    scene.now += timedelta(minutes=61)
    scene.settle()
    listed = scene.call("GET", f"/certificates?cohort_id={COHORT}").json["items"]
    return {one["subject_id"]: one for one in listed}


def facts_of(scene: Scene, certificate: dict) -> dict:
    answer = scene.call("GET", f"/verify/{certificate['check_code']}", role=None)
    assert answer.status_code == 200
    return answer.json


def test_a_certificate_shows_the_same_facts_on_paper_credential_and_page(scene):
    begin(scene)
    scene.hear(*facts())
    award = scene.call("GET", f"/awards?cohort_id={COHORT}&status=held").json["items"][0]
    assert award["verdict"]["standing"] == "met"
    certificates = issue_all(scene)
    assert set(certificates) == {person(0)[1], person(2)[1]}

    page = facts_of(scene, certificates[person(0)[1]])

    assert page["holder_name"] == "Aygün Əliyeva"
    assert (page["minutes"], page["status"], page["is_valid"]) == (360, "issued", True)
    assert page["proof_holds"] is True
    code = page["check_code"]
    pdf = scene.call("GET", f"/verify/{code}/document", role=None).data
    assert sha256(pdf).hexdigest() == page["document_sha256"]
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    for fact in ("Aygün Əliyeva", page["serial"], code, "6 saat", "6 hours"):
        assert fact in text
    credential = json.loads(scene.call("GET", f"/verify/{code}/credential", role=None).data)
    document = json.loads(scene.call("GET", "/.well-known/did.json", role=None).data)
    proofs = check_proofs(credential, did_documents=[document])
    assert [proof.cryptosuite for proof in proofs] == [RDFC, JCS]
    single = scene.call("GET", f"/verify/{code}/credential?proof={JCS}", role=None)
    assert json.loads(single.data)["proof"] == credential["proof"][1]
    assert credential["credentialSubject"]["identifier"][0]["identityHash"] == "Aygün Əliyeva"
    assert credential["contentDigest"] == f"sha256:{page['content_sha256']}"
    assert len(scene.call("GET", f"/alumni?cohort_id={COHORT}").json["items"]) == 2


@pytest.mark.parametrize("seed", range(3))
def test_repeats_in_any_order_give_one_certificate_each(scene, seed):
    begin(scene)
    shuffled = [*facts(), *facts()]
    random.Random(seed).shuffle(shuffled)
    # Within one aggregate the log keeps order: who left was enrolled before.
    shuffled.remove(left(1))
    shuffled.remove(left(1))
    scene.hear(*shuffled, left(1), left(1))

    certificates = issue_all(scene)
    issue_all(scene)

    assert set(certificates) == {person(0)[1], person(2)[1]}
    assert [facts_of(scene, one)["minutes"] for _, one in sorted(certificates.items())] == [
        360 if subject == person(0)[1] else 350 for subject in sorted(certificates)
    ]
    issued = scene.announced("rtcm.certification.certificate.issued.v1")
    assert len(issued) == 2
    assert len(scene.announced("rtcm.certification.award.reached.v1")) == 2
    assert scene.vault.asked == 2


def test_a_corrected_name_supersedes_and_the_old_page_says_so_without_the_new_name(scene):
    begin(scene)
    scene.hear(*facts())
    old = issue_all(scene)[person(0)[1]]
    scene.vault.names[person(0)[1]] = "Aygün Əliyeva-Şıxlı"

    answer = scene.call(
        "POST", f"/certificates/{old['id']}/supersession", json={"reason_code": "misspelt_name"}
    )
    scene.settle()

    assert answer.status_code == 202
    new = scene.call("GET", f"/certificates/{answer.json['successor_id']}").json
    page, former = facts_of(scene, new), facts_of(scene, old)
    assert (page["holder_name"], page["replaces_serial"]) == ("Aygün Əliyeva-Şıxlı", old["serial"])
    assert (former["status"], former["is_valid"]) == ("superseded", False)
    assert former["successor_serial"] == new["serial"]
    assert "Şıxlı" not in str(former)
    again = scene.call(
        "POST", f"/certificates/{old['id']}/supersession", json={"reason_code": "misspelt_name"}
    )
    assert (again.status_code, again.json["code"]) == (409, "certificate.final")


def test_suspended_reinstated_and_revoked_are_shown(scene):
    begin(scene)
    scene.hear(*facts())
    certificate = issue_all(scene)[person(2)[1]]
    seen = []
    for step in ("suspension", "reinstatement", "revocation"):
        done = scene.call(
            "POST", f"/certificates/{certificate['id']}/{step}", json={"reason_code": "inquiry"}
        )
        assert done.status_code == 204
        seen.append(facts_of(scene, certificate)["status"])
    assert seen == ["suspended", "issued", "revoked"]
    assert len(facts_of(scene, certificate)["history"]) == 3


def test_erasure_removes_the_name_and_keeps_serial_and_status(scene, database):
    begin(scene)
    scene.hear(*facts())
    certificate = issue_all(scene)[person(0)[1]]
    scene.hear(erasure_requested(0), erasure_requested(0))

    page = facts_of(scene, certificate)
    assert (page["is_erased"], page["status"], page["serial"]) == (
        True,
        "issued",
        certificate["serial"],
    )
    assert "holder_name" not in page
    code = certificate["check_code"]
    assert scene.call("GET", f"/verify/{code}/document", role=None).status_code == 404
    assert scene.call("GET", f"/verify/{code}/credential", role=None).status_code == 404
    (receipt,) = scene.announced("rtcm.certification.erasure.confirmed.v1")
    assert (receipt.subject_id, receipt.removed_count) == (person(0)[1], 1)
    for name in database.pymongo.list_collection_names():
        for row in database.pymongo[name].find():
            assert "Əliyeva" not in str(row), name


def test_who_is_erased_in_the_hold_window_gets_no_certificate(scene):
    begin(scene)
    scene.hear(*facts(), erasure_requested(0))
    del scene.vault.names[person(0)[1]]
    assert set(issue_all(scene)) == {person(2)[1]}


def test_what_the_job_cannot_know_yet_it_waits_for(scene):
    begin(scene)
    scene.hear(*facts())
    scene.vault.names[person(0)[1]] = "李小龍"  # no font has it: a person has to look
    certificates = issue_all(scene)
    assert set(certificates) == {person(2)[1]}
    failed = scene.call("GET", "/ops/jobs/failed").json["items"]
    assert [job["kind"] for job in failed] == ["issue_certificate"]
    assert failed[0]["last_error"].startswith("certificate.letter_missing")


def test_nobody_finds_a_certificate_without_its_code(scene):
    begin(scene)
    scene.hear(*facts())
    certificate = issue_all(scene)[person(0)[1]]
    for guess in (certificate["serial"], certificate["id"], "00000-00000-00000-00000", "%00"):
        answer = scene.call("GET", f"/verify/{guess}", role=None)
        assert (answer.status_code, answer.json["code"]) == (404, "certificate.not_found")
    typed = certificate["check_code"].lower().replace("-", "")
    assert scene.call("GET", f"/verify/{typed}", role=None).status_code == 200


def test_another_country_and_another_person_see_and_change_nothing(scene):
    begin(scene)
    scene.hear(*facts())
    certificate = issue_all(scene)[person(0)[1]]
    abroad = {"role": Role.COORDINATOR, "scope": Scope(countries=frozenset({"GE"}))}
    other = {"role": Role.PARTICIPANT, "scope": Scope(subject_id=person(2)[1])}
    for who in (abroad, other):
        assert scene.call("GET", f"/certificates/{certificate['id']}", **who).status_code == 404
        own = {one["subject_id"] for one in scene.call("GET", "/certificates", **who).json["items"]}
        assert own <= {person(2)[1]}
    answer = scene.call(
        "POST",
        f"/certificates/{certificate['id']}/revocation",
        json={"reason_code": "x"},
        **abroad,
    )
    assert answer.status_code == 404
    assert scene.call(
        "PUT", f"/award-rules/{COHORT}", json=TERMS | {"hold_minutes": 1}, **abroad
    ).status_code in (403, 404, 409)
    mine = scene.call("GET", "/awards", **other).json["items"]
    assert [award["subject_id"] for award in mine] == [person(2)[1]]


def test_a_forecast_says_what_is_missing(scene):
    begin(scene)
    scene.hear(enrolled(0), released(), recorded(0, {0: 90}))
    (award,) = scene.call("GET", f"/awards?cohort_id={COHORT}").json["items"]
    (grade,) = award["verdict"]["grades"]
    assert grade["standing"] == "not_yet"
    assert [(item["code"], item["minutes"]) for item in grade["missing"]] == [
        ("hours.overall", 198),
        ("record", 0),
    ]
    assert sorted(grade["missing"][1]["session_ids"]) == sorted(SESSIONS[1:])


def test_a_participant_is_settled_when_no_certificate_can_be_lost(scene):
    def settled(number: int) -> bool:
        path = f"/participants/{person(number)[0]}/settlement"
        return scene.call("GET", path, role=Role.SERVICE).json["is_settled"]

    begin(scene)
    assert not settled(0)  # nobody told us of the enrolment
    scene.hear(*facts())
    assert [settled(number) for number in range(3)] == [False, True, False]  # held, left, held
    certificates = issue_all(scene)
    assert settled(0)
    path = f"/certificates/{certificates[person(0)[1]]['id']}/supersession"
    scene.call("POST", path, json={"reason_code": "misspelt_name"})
    assert not settled(0)  # the next one asks for the name
    scene.settle()
    assert settled(0)
    path = f"/participants/{person(0)[0]}/settlement"
    asked = {role: scene.call("GET", path, role=role) for role in (None, Role.COORDINATOR)}
    assert [answer.status_code for answer in asked.values()] == [401, 403]


def test_where_nothing_can_be_earned_everybody_is_settled(scene):
    scene.hear(cohort_announced(), enrolled(0))
    path = f"/participants/{person(0)[0]}/settlement"
    assert scene.call("GET", path).json == {"is_settled": True}
    begin(scene)
    assert scene.call("GET", path).json == {"is_settled": False}
