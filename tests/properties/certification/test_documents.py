"""Names of a generated corpus read back out of the PDF; the QR code on bad copies."""

from __future__ import annotations

import io
import unicodedata
from random import Random

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from services.certification.domain.documents.rendering import render_pack, render_pdf
from tests.builders.certification import content

ALPHABETS = {
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyzABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЮЯ’",
    "ka": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyzâîûABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ",
    "en": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'",
}
NAMES = 100  # of each alphabet


def names(alphabet: str, chance: Random) -> list[str]:
    """Two or three words, some of them double."""

    def word() -> str:
        return "".join(chance.choice(alphabet) for _ in range(chance.randint(2, 10)))

    def name() -> str:
        words = [word() for _ in range(chance.choice((2, 2, 3)))]
        if chance.random() < 0.2:
            words[-1] += f"-{word()}"
        return " ".join(words)

    return [name() for _ in range(NAMES)]


@pytest.mark.parametrize("language", ALPHABETS)
def test_every_name_is_read_back_letter_by_letter(language):
    wanted = names(ALPHABETS[language], Random(language))
    pack = render_pack([content(holder_name=name) for name in wanted], title="Names")
    read = [
        unicodedata.normalize("NFC", page.get_textpage().get_text_range()).split("\r\n")
        for page in pypdfium2.PdfDocument(pack)
    ]
    lost = [name for name, lines in zip(wanted, read, strict=True) if name not in lines]
    assert lost == []


def copies(page: Image.Image) -> dict[str, Image.Image]:
    squeezed = io.BytesIO()
    page.convert("RGB").save(squeezed, "JPEG", quality=50)
    jpeg = Image.open(io.BytesIO(squeezed.getvalue()))
    turned = {
        f"turned by {angle} degrees": jpeg.rotate(angle, expand=True, fillcolor="white")
        for angle in (5, -5)
    }
    return {"150 dpi": page, "JPEG of quality 50": jpeg} | turned


def test_the_qr_code_is_read_on_bad_copies():
    page = pypdfium2.PdfDocument(render_pdf(content()))[0].render(scale=150 / 72).to_pil()
    read = {
        name: [code.text for code in zxingcpp.read_barcodes(copy)]
        for name, copy in copies(page).items()
    }
    assert read == {key: [content().verify_url] for key in read}
