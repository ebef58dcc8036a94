import copy
from datetime import date, timedelta

import pytest

from services.certification.domain.awarding.terms import Kind
from services.certification.domain.content import Signatory
from services.certification.domain.documents.comparing import (
    Difference,
    differing_members,
    differing_words,
)
from services.certification.domain.documents.reading import read_pdf
from services.certification.domain.documents.rendering import render_pdf
from tests.builders.certification import NOON, a_credential, content

ISSUED = read_pdf(render_pdf(content())).words


def compared(**changes):
    presented = read_pdf(render_pdf(content(**changes))).words
    return differing_words(content(), issued=ISSUED, presented=presented)


def test_the_same_words_do_not_differ():
    assert compared() == ()


@pytest.mark.parametrize(
    ("fact", "changes"),
    [
        ("holder_name", {"holder_name": "Aygün Məmmədova"}),
        ("holder_name", {"holder_name": "Aygün Xanım Əliyeva-Şıxlı"}),
        ("minutes", {"minutes": 11430}),
        ("minutes", {"minutes": 5460}),
        ("period", {"starts_on": date(2020, 1, 9)}),
        ("kind_code", {"kind_code": Kind.PARTICIPATION}),
        ("issued_at", {"issued_at": NOON + timedelta(days=10)}),
        ("serial", {"serial": "MS-3-2021-AAAA-BBBB"}),
        ("titles", {"titles": {"az": "Viza Məktəbi", "en": "Visa School"}}),
        ("centre_names", {"centre_names": {"az": "Başqa Mərkəz", "en": "Other Centre"}}),
        ("check_code", {"verify_url": "https://rtcm.example/verify/00000-9S1XJ-4Z3EY-KFPK3"}),
        ("other", {"verify_url": "https://evil.example/verify/9WBXB-9S1XJ-4Z3EY-KFPK3"}),
        ("signatories", {"signatories": ()}),
        ("signatories", {"signatories": (Signatory(name="B. Başqa", titles={"en": "Head"}),)}),
    ],
)
def test_a_changed_fact_is_named(fact, changes):
    assert fact in {difference.fact for difference in compared(**changes)}


def test_both_readings_stand_side_by_side():
    assert compared(minutes=11430) == (
        Difference(fact="minutes", issued="90 saat 30 dəqiqə", presented="190 saat 30 dəqiqə"),
        Difference(fact="minutes", issued="90 hours 30 minutes", presented="190 hours 30 minutes"),
    )


def test_added_words_are_told():
    presented = (*ISSUED[:3], "with", "distinction", *ISSUED[3:])
    (difference,) = differing_words(content(), issued=ISSUED, presented=presented)
    assert difference.presented.endswith("with distinction") or "with" in difference.presented


def test_every_changed_member_of_a_credential_is_named_by_its_fact():
    issued = a_credential(content())
    presented = copy.deepcopy(issued)
    presented["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    presented["creditedMinutes"] = 9000
    presented["titles"]["az"] = "Başqa"
    presented["more"] = True
    assert differing_members(issued, presented) == (
        Difference(fact="holder_name", issued="Aygün Əliyeva-Şıxlı", presented="Somebody Else"),
        Difference(fact="minutes", issued="5430", presented="9000"),
        Difference(fact="more", issued="", presented="True"),
        Difference(fact="titles", issued="Miqrasiya Məktəbi", presented="Başqa"),
    )


def test_another_proof_is_no_other_fact():
    issued = a_credential(content())
    assert differing_members(issued, issued | {"proof": []}) == ()
