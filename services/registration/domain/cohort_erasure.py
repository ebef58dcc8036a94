"""How the people of a cohort that is over are forgotten, and who of them has to stay."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from services.registration.domain.cohort import Cohort, CohortStatus


class CohortErasureStatus(StrEnum):
    """Where it stands; ``DONE``: everybody was looked at."""

    REQUESTED = "requested"
    DONE = "done"


@dataclass(kw_only=True)
class CohortErasure(Aggregate):
    """The wish that a cohort's people be forgotten. Announces nothing: each person's erasure does.

    Rules
      R1  only a cohort that is completed, some days after its end: within them records are
          corrected and certificates made
      R2  who has another reason to be known stays (``reasons_to_stay``)
      R3  asked again when done it is one round more, as reasons end

    Attributes:
        round_no: counted from 1.
        requested_by: who asked for the latest round.
    """

    cohort_id: str
    country_code: str
    status: CohortErasureStatus = CohortErasureStatus.REQUESTED
    round_no: int = 1
    requested_by: str
    requested_at: datetime
    done_at: datetime | None = None

    @classmethod
    def request(
        cls, cohort: Cohort, *, requested_by: str, keep_days: int, now: datetime
    ) -> CohortErasure:
        """Begin (R1).

        Raises:
            RuleViolation: ``cohort.not_over`` or ``cohort.kept``.
        """
        if cohort.status is not CohortStatus.COMPLETED:
            raise RuleViolation("cohort.not_over", f"the cohort runs until {cohort.ends_on}")
        kept_until = cohort.ends_at + timedelta(days=keep_days)
        if now < kept_until:
            raise RuleViolation("cohort.kept", f"its data are kept until {kept_until:%F %R} UTC")
        return cls(
            cohort_id=cohort.cohort_id,
            country_code=cohort.country_code,
            requested_by=requested_by,
            requested_at=now,
        )

    def request_again(self, *, requested_by: str, now: datetime) -> bool:
        """Begin one round more (R3); ``False`` while one is under way."""
        if self.status is CohortErasureStatus.REQUESTED:
            return False
        self.status, self.done_at = CohortErasureStatus.REQUESTED, None
        self.round_no += 1
        self.requested_by, self.requested_at = requested_by, now
        return True

    def finish(self, *, round_no: int, now: datetime) -> None:
        """Everybody was looked at. Repeating changes nothing."""
        if round_no == self.round_no and self.status is CohortErasureStatus.REQUESTED:
            self.status, self.done_at = CohortErasureStatus.DONE, now


class TieKind(StrEnum):
    """What binds a person to a cohort."""

    PARTICIPATION = "participation"
    APPLICATION = "application"
    NOMINATION = "nomination"
    FOCAL_POINT = "focal_point"


@dataclass(frozen=True, kw_only=True)
class Tie:
    """One thing that binds a person to one cohort.

    Attributes:
        id_: of the participant, application, nomination or focal point.
        is_over: the cohort is completed, and the person is not in it any more.
        is_released: the data of that cohort's people were asked to go.
    """

    kind: TieKind
    id_: str
    cohort_id: str
    is_over: bool
    is_released: bool


CERTIFICATE = "certificate"
"""Reason to stay: a certificate is under way, or may still be earned."""


def reasons_to_stay(
    ties: Iterable[Tie], *, cohort_id: str, settled_ids: Container[str]
) -> tuple[str, ...]:
    """Why a person stays known though the people of a cohort may go.

    What is not over keeps the person; a participation keeps them for the sake of its own cohort
    until that cohort's data may go too, and until its certificate is settled.

    Args:
        cohort_id: whose people may go.
        settled_ids: participants who lose no certificate when they are forgotten.

    Returns:
        Codes in order, each once; none: the person may go.
    """
    return tuple(
        sorted({reason for tie in ties if (reason := _reason(tie, cohort_id, settled_ids))})
    )


def _reason(tie: Tie, cohort_id: str, settled_ids: Container[str]) -> str | None:
    if not tie.is_over:
        return tie.kind.value
    if tie.kind is not TieKind.PARTICIPATION:
        return None
    if tie.cohort_id != cohort_id and not tie.is_released:
        return tie.kind.value
    return None if tie.id_ in settled_ids else CERTIFICATE
