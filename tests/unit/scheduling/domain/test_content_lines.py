from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduling.domain.content_lines import escaped, folded, utc

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=200)


@settings(derandomize=True, max_examples=150)
@given(texts)
def test_a_text_is_read_back_as_it_was(text):
    lines = ["BEGIN:VEVENT", f"SUMMARY:{escaped(text)}", "END:VEVENT"]

    assert str(icalendar.Event.from_ical(folded(lines))["summary"]) == text


@settings(derandomize=True, max_examples=100)
@given(texts)
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(text):
    written = folded([f"SUMMARY:{escaped(text)}"])

    assert written.endswith(b"\r\n")
    for line in written.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def test_control_characters_are_left_out_and_line_ends_become_one_kind():
    assert escaped("a\x00b\r\nc\rd;e,f\\") == "ab\\nc\\nd\\;e\\,f\\\\"


def test_an_instant_is_written_in_utc():
    assert utc(datetime(2027, 1, 9, 10, tzinfo=ZoneInfo("Asia/Baku"))) == "20270109T060000Z"
