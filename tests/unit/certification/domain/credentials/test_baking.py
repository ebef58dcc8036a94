import io
import json
import zlib

import pytest
from PIL import Image

from services.certification.domain.credentials.baking import baked_png, baked_svg
from services.certification.domain.credentials.presented import read_presented
from services.certification.domain.credentials.problems import CredentialError
from tests.builders.credentials import a_badge, signed

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>'
TEXT = json.dumps(signed(a_badge(name="Sərhəd & keçid")), ensure_ascii=False)


def png() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(written, "PNG")
    return written.getvalue()


def test_a_baked_picture_gives_its_credential_back():
    for form, picture in (("png", baked_png(png(), TEXT)), ("svg", baked_svg(SVG, TEXT))):
        shown = read_presented(picture)
        assert (shown.form, shown.document) == (form, json.loads(TEXT))


def test_a_baked_picture_is_still_a_picture():
    Image.open(io.BytesIO(baked_png(png(), TEXT))).verify()


def test_a_document_type_without_entities_does_no_harm():
    doctype = b'?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://svg.example/1.dtd">'
    picture = baked_svg(SVG.replace(b"?>", doctype), TEXT)
    assert read_presented(picture).document == json.loads(TEXT)


def test_baking_again_replaces_what_was_baked():
    twice = baked_png(baked_png(png(), '{"id": "urn:a:b"}'), TEXT)
    assert read_presented(twice).document == json.loads(TEXT)
    twice = baked_svg(baked_svg(SVG, "a.b.c", is_token=True), TEXT)
    assert read_presented(twice).document == json.loads(TEXT)


def test_a_packed_text_is_read_too():
    body = b"openbadgecredential\0\1\0\0\0" + zlib.compress(TEXT.encode())
    chunk = len(body).to_bytes(4) + b"iTXt" + body + zlib.crc32(b"iTXt" + body).to_bytes(4)
    plain = png()
    assert read_presented(plain[:-12] + chunk + plain[-12:]).document == json.loads(TEXT)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b"a.b.c",
        png(),
        png()[:-8],
        png().replace(b"IDAT", b"IDAX"),
        baked_png(png(), TEXT)[:-20],
        SVG,
        b"<svg",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'.encode("utf-16"),
        b"%PDF-1.7 nothing",
        b"%PDF-",
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content):
    with pytest.raises(CredentialError) as refused:
        read_presented(content)
    assert refused.value.code in ("unreadable", "jwt.malformed")
    assert len(refused.value.detail) > 10
