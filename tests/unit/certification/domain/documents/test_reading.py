import pytest

from chassis.errors import RuleViolation
from services.certification.domain.documents.reading import read_pdf
from services.certification.domain.documents.rendering import render_pdf
from tests.builders.certification import a_credential, content


def test_a_document_gives_back_its_words_its_code_and_its_credential():
    credential = a_credential(content())
    read = read_pdf(render_pdf(content(), credential=credential))
    assert read.check_code == "9WBXB-9S1XJ-4Z3EY-KFPK3"
    assert read.credential == credential
    assert {"Aygün", "Əliyeva-Şıxlı", content().serial} <= set(read.words)


def test_the_credential_does_not_change_what_is_printed():
    bare, full = (
        render_pdf(content(), credential=credential)
        for credential in (None, a_credential(content()))
    )
    assert read_pdf(bare).words == read_pdf(full).words
    assert read_pdf(bare).credential is None


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\x00\xff" * 5_000,
        b"%PDF-1.7\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF",
        b"%PDF-" + b"0" * 5_000_000,
        render_pdf(content())[:9_000],
    ],
)
def test_a_file_that_is_no_whole_pdf_is_refused_with_a_sentence(broken):
    with pytest.raises(RuleViolation) as refused:
        read_pdf(broken)
    assert refused.value.code == "document.unreadable"


def test_a_keyword_that_is_no_credential_is_no_credential():
    whole = render_pdf(content(), credential=a_credential(content()))
    start = whole.index(b"rtcm-credential:") + 40
    assert read_pdf(whole[:start] + b"*" * 50 + whole[start + 50 :]).credential is None
