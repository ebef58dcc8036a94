"""A person's wish to sign in by a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate
from chassis.ids import derived_id
from contracts.registration import SignInRequested
from services.registration.domain.subject import Subject


@dataclass(kw_only=True)
class SignIn(Aggregate):
    """One request for a link; the link itself is made where it is mailed.

    Rules
      R1  a person gets at most one link a minute: the id follows from person and minute
    """

    signin_id: str
    subject_id: str
    country_code: str
    requested_at: datetime

    @staticmethod
    def id_for(*, subject_id: str, now: datetime) -> str:
        """The only id a request of this person in this minute can have (R1)."""
        return derived_id("signin", subject_id, f"{now:%Y-%m-%dT%H:%M}")

    @classmethod
    def request(cls, subject: Subject, *, now: datetime) -> SignIn:
        """Ask for a link; records ``SignInRequested``."""
        signin = cls(
            signin_id=cls.id_for(subject_id=subject.subject_id, now=now),
            subject_id=subject.subject_id,
            country_code=subject.country_code,
            requested_at=now,
        )
        signin.record(
            SignInRequested(
                signin_id=signin.signin_id,
                subject_id=subject.subject_id,
                country_code=subject.country_code,
                language_code=subject.language_code,
                requested_at=now,
            )
        )
        return signin
