"""Rules of what is known of cohorts and contacts."""

from dataclasses import replace

import pytest

from chassis.errors import Unavailable
from services.notifications.domain.contact import Contact
from tests.builders.notifications import SUBJECT, a_cohort, a_contact, a_session, an_id

ANNA, BAKIR = an_id(21), an_id(22)


def with_people():
    cohort = a_cohort()
    cohort.add(participant_id=an_id(11), subject_id=ANNA)
    cohort.add(participant_id=an_id(12), subject_id=BAKIR)
    return cohort


def test_first_release_is_news_and_the_same_again_is_not():  # R2
    cohort = a_cohort()
    sessions = (a_session(1), a_session(2))

    assert cohort.release(version=1, sessions=sessions) is True
    assert cohort.release(version=1, sessions=sessions) is False


def test_release_that_only_moves_is_no_news_for_everybody():  # R2
    cohort = a_cohort()
    cohort.release(version=1, sessions=(a_session(1),))
    moved = replace(a_session(1), room_code="b-2", calendar_sequence=1)

    assert cohort.release(version=2, sessions=(moved,)) is False
    assert cohort.sessions == (moved,)


def test_older_word_about_a_session_does_not_undo_a_newer():  # R1
    cohort = a_cohort()
    cohort.place(replace(a_session(1), calendar_sequence=2, room_code="new"))
    cohort.release(version=1, sessions=(a_session(1),))

    assert cohort.session(a_session(1).session_id).room_code == "new"


def test_who_left_or_is_forgotten_hears_nothing():  # R3
    cohort = with_people()
    cohort.leave(participant_id=an_id(11))
    assert cohort.told() == (BAKIR,)

    assert cohort.forget(BAKIR) == 1
    assert cohort.told() == ()
    assert BAKIR not in repr(cohort)


def test_only_named_participants_are_told():
    cohort = with_people()
    assert cohort.subjects_of([an_id(12)]) == (BAKIR,)


def test_participant_not_heard_of_is_waited_for():
    with pytest.raises(Unavailable) as waits:
        with_people().subjects_of([an_id(99)])
    assert waits.value.code == "participant.not_heard_of"


def test_forgotten_participant_is_known_but_not_told():
    cohort = with_people()
    cohort.forget(ANNA)
    assert cohort.subjects_of([an_id(11), an_id(12)]) == (BAKIR,)


def test_cancelled_session_is_not_in_the_calendar():
    cohort = a_cohort()
    cohort.release(version=1, sessions=(a_session(2), a_session(1)))
    cohort.place(replace(a_session(2), calendar_sequence=1, is_cancelled=True))
    assert cohort.open_sessions == (a_session(1),)


def test_contact_that_comes_after_the_erasure_is_not_kept():  # R1 of contacts
    contact = a_contact()
    assert contact.forget() is True
    contact.keep(language_code="az", key_id=an_id(9), sealed="bmV3")

    assert contact == Contact(subject_id=SUBJECT, country_code="AZ", is_forgotten=True)
    assert contact.forget() is False
