"""Contacts open with the key registration hands out, and with nothing else."""

from __future__ import annotations

import base64

import pytest

from chassis import sealing
from chassis.errors import NotFound, Unavailable
from chassis.http.client import Reply
from services.notifications.domain.contact import Recipient
from services.notifications.post.vault import KeyedVault
from tests.builders.notifications import SUBJECT, a_contact

KEY = sealing.new_key()


class FakeRegistration:
    """Answers one body, or fails as told."""

    def __init__(self, answer) -> None:
        self.answer = answer
        self.asked = []

    def get(self, path):
        self.asked.append(path)
        if isinstance(self.answer, Exception):
            raise self.answer
        return Reply(200, self.answer)


def sealed_contact(key=KEY, subject_id=SUBJECT, purpose=sealing.CONTACT):
    content = {"legal_name": "Nümunə", "email": "n@example.org", "language_code": "az"}
    return a_contact(sealed=sealing.seal(key, content, purpose=purpose, subject_id=subject_id))


def key_answer(key=KEY):
    return {"key_id": "k", "key": base64.b64encode(key).decode()}


def test_contact_opens_with_the_persons_key():
    registration = FakeRegistration(key_answer())
    opened = KeyedVault(registration).open(sealed_contact())
    assert opened == Recipient(name="Nümunə", email="n@example.org", language_code="az")
    assert registration.asked == [f"/subjects/{SUBJECT}/key"]


def test_destroyed_key_opens_nothing():
    vault = KeyedVault(FakeRegistration(NotFound("subject.erased", "gone")))
    assert vault.open(sealed_contact()) is None


@pytest.mark.parametrize(
    "contact",
    [
        sealed_contact(key=sealing.new_key()),
        sealed_contact(subject_id="somebody-else"),
        sealed_contact(purpose="other"),
        a_contact(sealed="AAAA"),
    ],
)
def test_what_does_not_open_is_waited_for(contact):
    with pytest.raises(Unavailable) as waits:
        KeyedVault(FakeRegistration(key_answer())).open(contact)
    assert waits.value.code == "contact.key_changed"


@pytest.mark.parametrize("answer", [{}, {"key": "?"}, {"key": None}])
def test_answer_without_a_key_is_waited_for(answer):
    with pytest.raises(Unavailable):
        KeyedVault(FakeRegistration(answer)).open(sealed_contact())
