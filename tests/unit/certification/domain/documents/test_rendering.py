import hashlib
import unicodedata
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp

from chassis.errors import RuleViolation
from services.certification.domain.awarding.terms import Kind
from services.certification.domain.content import Signatory
from services.certification.domain.documents.rendering import (
    LARGEST_PACK,
    render_pack,
    render_pdf,
)
from tests.builders.certification import a_credential, content

NAMES = [
    "Aygün Əliyeva-Şıxlı",
    "İlqar Ğıyasəddin oğlu Öztürk",
    "Ярослав Їжакевич-Ґонта",
    "Љубиша Њежић",
    "გიორგი ბერიძე",
    "ᲒᲘᲝᲠᲒᲘ ᲑᲔᲠᲘᲫᲔ",  # Mtavruli capitals
    "Seán O’Connor-Smith Łukasz",
    "Əbdürrəhman Məhəmmədhüseyn Şəmsəddin oğlu Hacıbəyli-Ağaoğlu-Zeynalabdinov",
]


def words(pdf: bytes) -> str:
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage().get_text_range()
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize("name", NAMES)
def test_the_name_can_be_read_out_of_the_document_letter_by_letter(name):
    assert name in words(render_pdf(content(holder_name=name)))


def test_all_printed_facts_are_there_in_both_languages_on_one_page():
    pdf = render_pdf(content())
    text = words(pdf)
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    for fact in (
        "Miqrasiya üzrə Regional Tədris Mərkəzi",
        "Regional Training Centre on Migration",
        "“Miqrasiya Məktəbi” proqramını uğurla başa vurmuşdur",
        "has successfully completed the programme “Migration School”",
        "9 yanvar 2021 – 3 iyul 2021",
        "90 hours 30 minutes",
        content().serial,
        "A. Məmmədov",
        "9WBXB-9S1XJ-4Z3EY-KFPK3",
    ):
        assert fact in text


@pytest.mark.parametrize("languages", [("az",), ("ru", "az"), ("ka", "en"), ("en", "az")])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_language_and_kind_fits_on_one_page(languages, kind):
    titles = dict.fromkeys(("az", "en", "ru", "ka"), "Beynəlxalq miqrasiya: əsas anlayışlar " * 3)
    signatories = tuple(
        Signatory(name=f"Signatory {n}", titles={"en": "Office", "az": "Vəzifə"}) for n in range(3)
    )
    pdf = render_pdf(
        content(
            language_codes=languages,
            kind_code=kind,
            titles=titles,
            centre_names=titles,
            signatories=signatories,
        )
    )
    assert len(pypdfium2.PdfDocument(pdf)) == 1


@pytest.mark.parametrize("scale", [150 / 72, 300 / 72])
def test_the_qr_code_leads_to_the_verification_page(scale):
    picture = pypdfium2.PdfDocument(render_pdf(content()))[0].render(scale=scale).to_pil()
    codes = zxingcpp.read_barcodes(picture)
    assert [code.text for code in codes] == [content().verify_url]


def test_the_same_content_gives_the_same_bytes_and_other_content_others():
    first = hashlib.sha256(render_pdf(content())).hexdigest()
    assert hashlib.sha256(render_pdf(content())).hexdigest() == first
    moved = content(issued_at=content().issued_at + timedelta(days=1))
    assert hashlib.sha256(render_pdf(moved)).hexdigest() != first
    carrying = a_credential(content())
    again = render_pdf(content(), credential=carrying)
    assert again == render_pdf(content(), credential=carrying)
    assert hashlib.sha256(again).hexdigest() != first


def test_the_document_declares_its_standards():
    pdf = render_pdf(content())
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


@pytest.mark.parametrize("name", ["李小龍", "أحمد", "Aygün 😀"])
def test_a_letter_that_no_font_has_is_refused(name):
    with pytest.raises(RuleViolation) as refused:
        render_pdf(content(holder_name=name))
    assert refused.value.code == "certificate.letter_missing"
    assert refused.value.detail[-1] in name


@pytest.mark.parametrize("name", ['#image("x")', "*A* _b_ $x$ \\ @c <d>", "]#panic()["])
def test_a_name_is_text_and_never_markup(name):
    assert name in words(render_pdf(content(holder_name=name)))


def test_a_language_the_layout_does_not_speak_is_refused():
    with pytest.raises(RuleViolation) as refused:
        render_pdf(content(language_codes=("fr",)))
    assert refused.value.code == "certificate.language_unknown"


@pytest.mark.parametrize(
    ("minutes", "texts"),
    [
        (60, ("1 saat", "1 hour ")),
        (61, ("1 saat 1 dəqiqə", "1 hour 1 minute ")),
        (0, ("0 saat", "0 hours ")),
        (30, ("30 dəqiqə", "30 minutes ")),
    ],
)
def test_hours_are_counted_as_each_language_counts(minutes, texts):
    printed = words(render_pdf(content(minutes=minutes)))
    assert all(text in printed for text in texts)


def test_a_pack_has_a_page_for_each_and_the_same_bytes_each_time():
    names = ["Aygün Əliyeva", "გიორგი ბერიძე"]
    pages = [
        content(holder_name=name, language_codes=codes)
        for name, codes in zip(names, [("az", "en"), ("en",)], strict=True)
    ]
    pack = render_pack(pages, title="MS-3")
    assert pack == render_pack(pages, title="MS-3")
    printed = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pack)]
    assert [name in text for name, text in zip(names, printed, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ([], "pack.empty"),
        ([content()] * (LARGEST_PACK + 1), "pack.too_large"),
        ([content(), content(template_version=2)], "pack.layouts_differ"),
    ],
)
def test_a_pack_that_cannot_be_set_is_refused(pages, code):
    with pytest.raises(RuleViolation) as refused:
        render_pack(pages, title="MS-3")
    assert refused.value.code == code
