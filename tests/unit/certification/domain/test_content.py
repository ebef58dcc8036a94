import pytest

from services.certification.domain.content import (
    check_code_of,
    clean_name,
    holder_hash,
    read_check_code,
    serial_of,
)
from tests.builders.certification import an_id, content


def test_the_hash_depends_on_every_field():
    whole = content().sha256()
    changes = [
        {"holder_name": "B"},
        {"salt": "00"},
        {"minutes": 1},
        {"titles": {"az": "a", "en": "b"}},
        {"rule_version": 2},
        {"issued_at": content().issued_at.replace(second=1)},
    ]
    assert len({whole, *(content(**change).sha256() for change in changes)}) == 7


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Aygün\u00a0 Əliyeva\n", "Aygün Əliyeva"),
        ("Aygu\u0308n", "Aygün"),
        ("A\u200bli", "Ali"),
        ("ILQAR ilqar İlqar ılqar", "ILQAR ilqar İlqar ılqar"),
    ],
)
def test_names_are_made_normal_and_never_case_mapped(raw, clean):
    assert clean_name(raw) == clean


def test_serials_are_the_same_for_one_id_and_name_edition_and_year():
    serial = serial_of(an_id(1), edition_code="ms-3", year=2021)
    assert serial == serial_of(an_id(1), edition_code="ms-3", year=2021)
    assert serial.startswith("MS-3-2021-")
    assert serial != serial_of(an_id(2), edition_code="ms-3", year=2021)
    assert serial_of(an_id(1), edition_code="._", year=2021).startswith("RTCM-2021-")


def test_a_typed_check_code_is_forgiven_its_case_spaces_and_lookalikes():
    code = check_code_of("secret")
    assert len(code.replace("-", "")) == 20
    assert read_check_code(f" {code.lower().replace('-', ' ')} ") == code
    assert read_check_code("oil00-00000-00000-00000") == "01100-00000-00000-00000"
    assert read_check_code("") == ""


def test_the_same_name_with_another_salt_has_another_hash():
    assert holder_hash("A", "1") != holder_hash("A", "2")
