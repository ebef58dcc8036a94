"""What the handlers ask of the outside beside repositories, timers and jobs (``chassis.ports``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.access import Scope
from chassis.ports import Aggregates
from services.registration.domain.application import Application
from services.registration.domain.call import Call
from services.registration.domain.cohort import Cohort
from services.registration.domain.cohort_erasure import CohortErasure, Tie
from services.registration.domain.contact import Contact
from services.registration.domain.erasure import Erasure
from services.registration.domain.focal_point import FocalPoint
from services.registration.domain.nomination import Nomination
from services.registration.domain.participant import Participant
from services.registration.domain.programme import Programme
from services.registration.domain.signin import SignIn
from services.registration.domain.subject import Subject

Programmes = Aggregates[Programme]
Cohorts = Aggregates[Cohort]
Calls = Aggregates[Call]
Applications = Aggregates[Application]
FocalPoints = Aggregates[FocalPoint]
Nominations = Aggregates[Nomination]
Participants = Aggregates[Participant]
Subjects = Aggregates[Subject]
Contacts = Aggregates[Contact]
SignIns = Aggregates[SignIn]
Erasures = Aggregates[Erasure]
CohortErasures = Aggregates[CohortErasure]


class CallsToRead(Protocol):
    """Calls for those who only look at them."""

    def get(self, id_: str, *, scope: Scope) -> Call:
        """The call, not to be changed.

        Raises:
            NotFound: ``call.not_found``: nothing there, or outside ``scope``.
        """
        ...


class Vault(Protocol):
    """Seals under a person's own key. ``purpose`` is bound in: sealed for one, opened for none
    other.
    """

    def create_key(self, subject_id: str) -> None:
        """Make the person's key."""
        ...

    def destroy_key(self, subject_id: str) -> bool:
        """Destroy it; ``False`` when it was gone before."""
        ...

    def key_id(self, subject_id: str) -> str:
        """The id of the person's key.

        Raises:
            NotFound: ``subject.erased``.
        """
        ...

    def seal(self, subject_id: str, content: Mapping[str, Any], *, purpose: str) -> str:
        """JSON content as ciphertext in base64; raises as ``key_id``."""
        ...

    def open(self, subject_id: str, sealed: str, *, purpose: str) -> dict[str, Any]:
        """The content that was sealed; raises as ``key_id``."""
        ...


class Addresses(Protocol):
    """Finds people by e-mail without a readable index."""

    def key_of(self, email: str) -> str:
        """The keyed hash of an address, folded."""
        ...

    def find(self, address_key: str) -> str | None:
        """The subject id, or ``None``."""
        ...


class Tallies(Protocol):
    """Counts that a closing call announces."""

    def submitted(self, call_id: str) -> int:
        """Applications sent and not withdrawn."""
        ...

    def confirmed_nominations(self, call_id: str) -> int:
        """Nominations confirmed and not withdrawn or replaced."""
        ...


class Places(Protocol):
    """Which places of a focal point are taken."""

    def taken(self, focal_point_id: str) -> Collection[int]:
        """Place numbers somebody was named for."""
        ...


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What this service holds of a person, by id."""

    application_ids: Sequence[str]
    focal_point_ids: Sequence[str]
    nomination_ids: Sequence[str]
    participant_ids: Sequence[str]


class Rosters(Protocol):
    """Ids of what a process has to visit one after another."""

    def of_subject(self, subject_id: str) -> Holdings:
        """What still bears the person's id."""
        ...

    def here_in(self, cohort_id: str) -> Sequence[str]:
        """Participants enrolled or active in a cohort."""
        ...


class CohortPeople(Protocol):
    """The people of a cohort: who took part, was named for it, or answered one of its calls."""

    def of_cohort(self, cohort_id: str, *, after: str | None, limit: int) -> Sequence[str]:
        """The next ids of people still known by name, in order, behind ``after``."""
        ...

    def ties_of(self, subject_id: str) -> Sequence[Tie]:
        """What binds a person to cohorts; what was withdrawn or replaced does not."""
        ...


class Settlements(Protocol):
    """Certification's word on participants."""

    def is_settled(self, participant_id: str) -> bool:
        """Whether the participant may be forgotten without loss of a certificate.

        Raises:
            Unavailable: certification does not answer, or not as agreed.
        """
        ...
