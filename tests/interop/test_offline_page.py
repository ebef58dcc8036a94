"""The offline page in a real browser, from a file, with files: what it believes and what not."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.certification.domain.credentials.keys import KeyRing, SigningKey
from services.certification.domain.credentials.open_badge import open_badge
from services.certification.domain.credentials.proofs import JCS, RDFC, add_proof
from services.certification.domain.credentials.status_list import encode_bits
from services.certification.domain.documents.rendering import render_pdf
from tests.builders.certification import NOON, a_key, an_id, content
from tests.interop.browser import Browser, executable

PAGE = Path(__file__).parents[2] / "services" / "console" / "offline" / "check.html"
ISSUER = "did:web:rtcm.example"
LIST = "https://rtcm.example/status/revocation"

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Browser]:
    if executable() is None:
        said = "NOT TESTED: the offline page (this machine lacks Chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    browser.open(PAGE.as_uri())
    yield browser
    browser.close()


def signer(number: int = 1) -> SigningKey:
    return SigningKey(
        verification_method=f"{ISSUER}#key-{number}", private_key=a_key(number).private_key
    )


def did_document(*numbers: int) -> dict:
    keys = {f"key-{number}": a_key(number).private_key.public_key() for number in numbers or (1,)}
    last = signer((numbers or (1,))[-1])
    return KeyRing(issuer_did=ISSUER, current=last, public_keys=keys).did_document


def issued(*suites: str, number: int = 1, **more: object) -> dict:
    credential = open_badge(content(), certificate_id=an_id(9), issuer_did=ISSUER) | more
    for suite in suites or (JCS,):
        credential = add_proof(credential, key=signer(number), created_at=NOON, cryptosuite=suite)
    return credential


def entry(index: int = 5, purpose: str = "revocation") -> dict:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": LIST,
    }


def a_list(*indices: int, purpose: str = "revocation", key: int = 1, **more: object) -> dict:
    bare = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": ISSUER,
        "validFrom": "2021-07-05T00:00:00Z",
        "credentialSubject": {
            "id": f"{LIST}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encode_bits(indices),
        },
    } | more
    return add_proof(bare, key=signer(key), created_at=NOON)


def judged(browser: Browser, credential: object, *dids: dict, lists: tuple = ()) -> tuple:
    told = browser.evaluate(
        f"check({json.dumps(credential)}, {json.dumps(list(dids))}, {json.dumps(list(lists))})"
    )
    return told["valid"], tuple(told["reasons"])


def test_a_genuine_credential_holds_and_its_status_is_told(browser):
    assert judged(browser, issued(), did_document()) == (None, ("status.unknown",))
    listed = issued(credentialStatus=entry())
    assert judged(browser, listed, did_document(), lists=(a_list(4, 6),)) == (True, ())
    assert judged(browser, listed, did_document(), lists=(a_list(5),)) == (
        False,
        ("status.revoked",),
    )
    held = issued(credentialStatus=[entry(7, "suspension")])
    suspended = a_list(7, purpose="suspension")
    assert judged(browser, held, did_document(), lists=(suspended,))[1] == ("status.suspended",)


def test_a_proof_set_holds_and_the_page_says_what_it_did_not_check(browser):
    both = issued(RDFC, JCS)
    assert judged(browser, both, did_document())[1] == ("status.unknown", "proof.unchecked")
    assert judged(browser, issued(RDFC), did_document()) == (False, ("proof.unsupported",))


def test_a_key_that_was_replaced_still_verifies(browser):
    assert judged(browser, issued(), did_document(1, 2))[0] is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("name",), "Another"),
        (("creditedMinutes",), 9999),
        (("titles", "az"), "Başqa"),
        (("credentialSubject", "identifier", 0, "identityHash"), "Başqa Adam"),
        (("credentialSubject", "activityEndDate"), "2022-07-03T00:00:00Z"),
        (("validFrom",), "2020-07-05T12:00:00Z"),
        (("serial",), "MS-3-2021-AAAA-AAAA"),
        (("more",), True),
        (("proof", "created"), "2020-07-05T12:00:00Z"),
        (("proof", "proofValue"), "z" + "1" * 80),
        (("type",), ["VerifiableCredential"]),
        (("@context",), ["https://www.w3.org/ns/credentials/v2"]),
    ],
)
def test_every_change_is_noticed(browser, place, value):
    forged = copy.deepcopy(issued())
    inner = forged
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    assert judged(browser, forged, did_document()) == (False, ("proof.invalid",))


def test_what_is_not_the_issuers_is_refused(browser):
    assert judged(browser, issued(), did_document(2))[1] == ("key.unknown",)
    assert judged(browser, issued())[1] == ("key.unknown",)
    bare = open_badge(content(), certificate_id=an_id(9), issuer_did=ISSUER)
    stranger = add_proof(bare, key=a_key(3), created_at=NOON)
    assert judged(browser, stranger, did_document())[1] == ("issuer.differs",)
    assert judged(browser, issued() | {"proof": []}, did_document())[1] == ("proof.missing",)
    listed = issued(credentialStatus=entry())
    forged = a_list() | {"validFrom": "2020-01-01T00:00:00Z"}
    assert judged(browser, listed, did_document(), lists=(forged,))[1] == ("status.list_invalid",)


def test_times_are_heeded(browser):
    later = issued(validFrom="2999-01-01T00:00:00Z")
    assert judged(browser, later, did_document())[1] == ("not_yet_valid",)
    over = issued(validUntil="2021-07-06T00:00:00Z")
    assert judged(browser, over, did_document())[1] == ("expired",)
    old = a_list(validUntil=(NOON + timedelta(days=1)).isoformat())
    listed = issued(credentialStatus=entry())
    assert judged(browser, listed, did_document(), lists=(old,)) == (None, ("status.list_old",))


def test_numbers_and_letters_are_written_as_rfc_8785_wants(browser):
    odd = issued(
        odd={
            "é": 1e21,
            "z": 1e-7,
            "a": [0.1, -0.0, 333333333.33333329],
            "\U0001f600": '\u2028"\\\n',
        }
    )
    assert judged(browser, odd, did_document())[0] is None


def test_files_are_chosen_checked_and_shown(browser, tmp_path):
    listed = issued(credentialStatus=entry())
    (tmp_path / "certificate.pdf").write_bytes(render_pdf(content(), credential=listed))
    (tmp_path / "did.json").write_text(json.dumps(did_document()), "utf-8")
    (tmp_path / "list.json").write_text(json.dumps(a_list(1)), "utf-8")
    browser.evaluate("speak('az')")
    browser.choose("#certificate", tmp_path / "certificate.pdf")
    browser.choose("#keys", tmp_path / "did.json")
    browser.choose("#lists", tmp_path / "list.json")
    browser.evaluate("element('go').click()")
    browser.wait("!element('result').hidden")
    shown = browser.evaluate("element('result').innerText")
    assert "Sertifikat həqiqidir və qüvvədədir" in shown
    assert "Aygün Əliyeva-Şıxlı" in shown
    assert "Miqrasiya Məktəbi" in shown

    (tmp_path / "forged.json").write_text(json.dumps(listed | {"name": "Another"}), "utf-8")
    browser.choose("#certificate", tmp_path / "forged.json")
    browser.evaluate("element('go').click()")
    browser.wait("element('result').className === 'invalid'")
    shown = browser.evaluate("element('result').innerText")
    assert "imza məzmuna uyğun deyil" in shown
    assert "Aygün" not in shown


def test_nothing_is_asked_of_anybody(browser):
    assert browser.evaluate("performance.getEntriesByType('resource').length") == 0


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["az", "en", "ru", "ka"])
def test_the_page_does_not_scroll_sideways(browser, width, language):
    browser.resize(width, 900)
    browser.evaluate(f"speak('{language}')")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
