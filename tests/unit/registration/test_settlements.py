"""What certification answers is believed only as agreed; anything else keeps people."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from chassis.errors import NotFound, Unavailable
from services.registration.settlements import CertificationSettlements


def asking(answer: Any) -> CertificationSettlements:
    """Certification gives this body, or raises it."""

    def get(path: str) -> SimpleNamespace:
        assert path == "/participants/p1/settlement"
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(body=answer)

    client: Any = SimpleNamespace(get=get)
    return CertificationSettlements(client)


@pytest.mark.parametrize("said", [True, False])
def test_the_word_of_certification_is_taken(said: bool) -> None:
    assert asking({"is_settled": said}).is_settled("p1") is said


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"is_settled": 1},
        {"is_settled": None},
        [],
        b"",
        NotFound("route.not_found", "an older certification"),
        Unavailable("certification.unavailable", "away"),
    ],
)
def test_no_word_is_no_yes(answer: Any) -> None:
    with pytest.raises(Unavailable):
        asking(answer).is_settled("p1")
