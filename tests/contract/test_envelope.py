"""The envelope: CloudEvents 1.0 out, and nothing but sound CloudEvents of ours in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from chassis.codec import decode, enclose, encode
from chassis.envelope import MAX_BYTES, Envelope, MalformedEvent
from contracts.registration import ApplicationWithdrawn, CohortAnnounced, ProgrammePublished

TYPE = "rtcm.registration.application.withdrawn.v1"
APPLICATION = "01900000-0000-7000-8000-00000000000a"
COHORT = "01900000-0000-7000-8000-00000000000c"
NOON = datetime(2021, 1, 9, 12, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

WITHDRAWN = ApplicationWithdrawn(
    application_id=APPLICATION,
    call_id="01900000-0000-7000-8000-00000000000b",
    cohort_id=COHORT,
    subject_id="01900000-0000-7000-8000-00000000000d",
    country_code="AZ",
    withdrawn_at=NOON,
)


def an_envelope(**changes: Any) -> Envelope:
    values: dict[str, Any] = {
        "event_id": "01900000-0000-7000-8000-00000000000e",
        "event_type": TYPE,
        "source": "/rtcm/registration",
        "key": APPLICATION,
        "sequence": 3,
        "occurred_at": NOON,
        "cohort_id": COHORT,
        "country_code": "AZ",
        "traceparent": TRACE,
        "body": encode(WITHDRAWN),
    }
    return Envelope(**{**values, **changes})


def test_envelope_is_cloudevents_in_structured_json():
    assert json.loads(an_envelope().to_bytes()) == {
        "specversion": "1.0",
        "id": "01900000-0000-7000-8000-00000000000e",
        "type": TYPE,
        "source": "/rtcm/registration",
        "subject": APPLICATION,
        "time": "2021-01-09T12:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": f"urn:rtcm:schema:{TYPE}",
        "sequence": "0000000003",
        "partitionkey": APPLICATION,
        "cohortid": COHORT,
        "countrycode": "AZ",
        "traceparent": TRACE,
        "data": encode(WITHDRAWN),
    }


def test_enclose_copies_the_marks_of_the_event():
    assert (
        enclose(
            WITHDRAWN,
            event_id="01900000-0000-7000-8000-00000000000e",
            sequence=3,
            occurred_at=NOON,
            traceparent=TRACE,
        )
        == an_envelope()
    )


def test_event_of_no_cohort_has_no_cohort_mark():
    published = ProgrammePublished(
        programme_id=COHORT,
        code="migration-school",
        titles={"en": "Migration School"},
        gcm_objectives=(23,),
        sdgs=(),
        published_at=NOON,
    )

    envelope = enclose(
        published, event_id=APPLICATION, sequence=1, occurred_at=NOON, traceparent=None
    )

    assert envelope.cohort_id is None
    assert envelope.country_code == "*"
    assert {"cohortid", "traceparent"}.isdisjoint(envelope.to_json())
    assert Envelope.from_bytes(envelope.to_bytes()) == envelope


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cohort_id": None},
        {"country_code": None},
        {"country_code": "*"},
        {"traceparent": None},
        {"sequence": 1},
        {"sequence": 9_999_999_999},
        {"occurred_at": NOON + timedelta(microseconds=1)},
        {"body": {}},
        {"body": {"title": "Əliyev Məmməd 👩🏽‍🏫 \u0000"}},
    ],
)
def test_what_was_written_is_read_back(changes):
    envelope = an_envelope(**changes)

    assert Envelope.from_bytes(envelope.to_bytes()) == envelope


def test_time_of_another_zone_is_the_same_instant():
    baku = timezone(timedelta(hours=4))
    envelope = an_envelope(occurred_at=NOON.astimezone(baku))

    assert envelope.to_json()["time"] == "2021-01-09T12:00:00Z"
    assert Envelope.from_bytes(changed(time="2021-01-09T16:00:00+04:00")).occurred_at == NOON


def test_sequences_sort_as_text():
    texts = [an_envelope(sequence=each).to_json()["sequence"] for each in (1, 9, 10, 2_000_000_000)]

    assert texts == sorted(texts)


def changed(**attributes: Any) -> bytes:
    return json.dumps({**an_envelope().to_json(), **attributes}).encode()


def without(name: str) -> bytes:
    return json.dumps({k: v for k, v in an_envelope().to_json().items() if k != name}).encode()


def spliced(old: str, new: str) -> bytes:
    written = an_envelope().to_bytes()
    assert old.encode() in written
    return written.replace(old.encode(), new.encode())


REQUIRED = [
    "specversion",
    "id",
    "type",
    "source",
    "subject",
    "time",
    "datacontenttype",
    "dataschema",
    "sequence",
    "partitionkey",
    "data",
]

MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "not JSON": b"{",
    "two values": b"{} {}",
    "a byte order mark": b"\xef\xbb\xbf" + an_envelope().to_bytes(),
    "broken UTF-8": an_envelope().to_bytes().replace(b"AZ", b"\xff\xfe"),
    "UTF-16": an_envelope().to_bytes().decode().encode("utf-16"),
    "overlong UTF-8": an_envelope().to_bytes().replace(b"AZ", b"\xc1\x81"),
    "null": b"null",
    "a number": b"7",
    "a text": b'"event"',
    "a list": b"[]",
    "an empty object": b"{}",
    "a batch": b"[" + an_envelope().to_bytes() + b"]",
    "nested too deeply": b'{"data":' + b"[" * 200_000,
    "a number of too many digits": b'{"data":' + b"9" * 5_000 + b"}",
    "NaN": spliced('"data":{', '"data":{"x":NaN,'),
    "Infinity": spliced('"data":{', '"data":{"x":-Infinity,'),
    "half a character": spliced('"data":{', '"data":{"x":"\\ud83d",'),
    "half a character in a name": spliced('"data":{', '"data":{"\\udc00":1,'),
    "an attribute twice": spliced('"data":{', '"type":"x","data":{'),
    "a field twice": spliced('"data":{', '"data":{"call_id":"x",'),
    "oversize": changed(filler="x" * MAX_BYTES),
    "another specversion": changed(specversion="0.3"),
    "specversion as a number": changed(specversion=1.0),
    "id null": changed(id=None),
    "id as a number": changed(id=7),
    "id empty": changed(id=""),
    "id with a blank": changed(id="a b"),
    "id with a newline": changed(id="a\n"),
    "id too long": changed(id="a" * 129),
    "type of somebody else": changed(type="com.example.thing"),
    "type without a version": changed(type="rtcm.registration.application.withdrawn"),
    "type with version zero": changed(type="rtcm.registration.application.withdrawn.v0"),
    "type as a list": changed(type=[TYPE]),
    "type with a newline": changed(type=f"{TYPE}\n"),
    "type too long": changed(type=f"rtcm.registration.{'a' * 200}.b.v1"),
    "source of another service": changed(source="/rtcm/selection"),
    "source null": changed(source=None),
    "subject null": changed(subject=None),
    "subject empty": changed(subject=""),
    "subject as a number": changed(subject=1, partitionkey=1),
    "partitionkey of another aggregate": changed(partitionkey=COHORT),
    "time without a zone": changed(time="2021-01-09T12:00:00"),
    "time as a date": changed(time="2021-01-09"),
    "time of no such day": changed(time="2021-02-30T12:00:00Z"),
    "time before all calendars": changed(time="0001-01-01T00:00:00+14:00"),
    "time as a number": changed(time=1610193600),
    "time in other digits": changed(time="٢٠٢١-01-09T12:00:00Z"),
    "another content type": changed(datacontenttype="text/xml"),
    "schema of another type": changed(dataschema="urn:rtcm:schema:x"),
    "sequence as a number": changed(sequence=3),
    "sequence not padded": changed(sequence="3"),
    "sequence zero": changed(sequence="0000000000"),
    "sequence negative": changed(sequence="-000000001"),
    "sequence too long": changed(sequence="00000000001"),
    "sequence in other digits": changed(sequence="٠٠٠٠٠٠٠٠٠٣"),
    "cohort as a number": changed(cohortid=5),
    "cohort empty": changed(cohortid=""),
    "country in lower case": changed(countrycode="az"),
    "country of three letters": changed(countrycode="AZE"),
    "country as a list": changed(countrycode=["AZ"]),
    "trace of another form": changed(traceparent="01-abc"),
    "trace of another version": changed(traceparent=TRACE.replace("00-", "ff-", 1)),
    "data null": changed(data=None),
    "data as a text": changed(data="{}"),
    "data as a list": changed(data=[]),
    **{f"without {name}": without(name) for name in REQUIRED},
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_envelope_is_refused(case):
    with pytest.raises(MalformedEvent) as refused:
        Envelope.from_bytes(MALFORMED[case])

    assert isinstance(refused.value, ValueError)
    assert str(refused.value)


def test_data_in_base64_is_refused():
    written = json.loads(without("data")) | {"data_base64": "e30="}

    with pytest.raises(MalformedEvent, match="'data' is not an object"):
        Envelope.from_bytes(json.dumps(written).encode())


def test_refusal_never_repeats_what_was_read():
    for spoil in (
        lambda: changed(subject="Anna Example"),
        lambda: changed(type="Anna Example"),
        lambda: changed(source="Anna Example"),
        lambda: changed(time="Anna Example"),
        lambda: changed(partitionkey="Anna Example"),
        lambda: b'{"Anna Example": "Anna Example", "Anna Example": 1}',
    ):
        make: Callable[[], bytes] = spoil
        with pytest.raises(MalformedEvent) as refused:
            Envelope.from_bytes(make())

        assert "Anna" not in str(refused.value)


@pytest.mark.parametrize("cut", range(0, len(an_envelope().to_bytes()), 7))
def test_truncated_envelope_is_refused(cut):
    with pytest.raises(MalformedEvent):
        Envelope.from_bytes(an_envelope().to_bytes()[:cut])


def test_attributes_nobody_knows_and_optional_ones_set_to_null_are_ignored():
    read = Envelope.from_bytes(changed(vendor="x", cohortid=None, traceparent=None))

    assert read == an_envelope(cohort_id=None, traceparent=None)


def test_unknown_type_and_version_can_be_carried():
    newer = TYPE.replace(".v1", ".v9")
    envelope = an_envelope(event_type=newer)

    assert Envelope.from_bytes(envelope.to_bytes()) == envelope


def test_largest_envelope_fits_and_one_byte_more_does_not():
    room = MAX_BYTES - len(an_envelope(body={"x": ""}).to_bytes())
    largest = an_envelope(body={"x": "y" * room})

    assert len(largest.to_bytes()) == MAX_BYTES
    assert Envelope.from_bytes(largest.to_bytes()) == largest
    with pytest.raises(MalformedEvent, match="900001 bytes"):
        an_envelope(body={"x": "y" * (room + 1)}).to_bytes()


def test_naive_time_is_refused_by_the_writer():
    with pytest.raises(MalformedEvent, match="time zone"):
        an_envelope(occurred_at=NOON.replace(tzinfo=None)).to_bytes()


def test_body_of_an_envelope_decodes_to_the_event():
    read = Envelope.from_bytes(an_envelope().to_bytes())

    assert decode(read.event_type, read.body) == WITHDRAWN


def test_wrong_event_fails_its_producer():
    wrong = CohortAnnounced(
        cohort_id="c1",
        programme_id=COHORT,
        programme_code="Migration School",
        edition_code="ms-3",
        titles={"en": "Migration School"},
        country_code="az",
        country_codes=("AZ",),
        starts_on=NOON.date(),
        ends_on=NOON.date(),
        zone="Asia/Baku",
        delivery="by pigeon",
        language_code="az",
        seat_count=-1,
        announced_at=NOON.replace(tzinfo=None),
    )

    with pytest.raises(MalformedEvent) as refused:
        encode(wrong)

    for field in (
        "cohort_id",
        "programme_code",
        "country_code",
        "delivery",
        "seat_count",
        "announced_at",
    ):
        assert f"{field} is" in str(refused.value) or f"{field} an" in str(refused.value)
    assert "pigeon" not in str(refused.value)
