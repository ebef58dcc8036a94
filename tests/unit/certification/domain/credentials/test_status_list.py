import base64
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.certification.domain.credentials.problems import CredentialError
from services.certification.domain.credentials.status_list import (
    LENGTH,
    decode_bits,
    encode_bits,
    value_at,
)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, LENGTH - 1), max_size=50))
def test_the_bits_that_were_set_are_set_and_no_others(indices):
    bits = decode_bits(encode_bits(indices))
    assert {i for i in range(LENGTH) if bits[i // 8] >> (7 - i % 8) & 1} == indices
    assert all(value_at(bits, index) == 1 for index in indices)


def test_the_first_entry_is_the_left_most_bit():
    assert decode_bits(encode_bits([0]))[0] == 0x80


def test_entries_of_several_bits_are_read_from_the_left():
    assert value_at(b"\x1b" + bytes(LENGTH // 8), 2, size=2) == 0b10


def packed(content: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(content, mtime=0)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "encoded",
    [
        None,
        7,
        "",
        "H4sI",
        "u!!!",
        "uAAAA",
        packed(bytes(LENGTH // 8 - 1)),  # too short to hide anybody
        packed(bytes(17 * 1024 * 1024)),  # a bomb
        packed(bytes(LENGTH // 8))[:-8],
    ],
)
def test_what_is_no_list_is_refused(encoded):
    with pytest.raises(CredentialError) as refused:
        decode_bits(encoded)
    assert refused.value.code == "status.list_invalid"


def test_a_sparse_list_stays_small():
    assert len(encode_bits(range(0, LENGTH, 6000))) < 1000
