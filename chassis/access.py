"""Who asks, and what of the data they may see.

Every command carries an ``Actor``, every repository call its ``Scope``: without one there is
no query.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from chassis.errors import Forbidden

CENTRE = "*"
"""Country code of what belongs to the whole centre: readable by all, changed by the centre."""


class Role(StrEnum):
    """What a person or program is to the centre."""

    OPERATOR = "operator"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    TRAINER = "trainer"
    PARTICIPANT = "participant"
    FOCAL_POINT = "focal_point"
    PARTNER = "partner"
    AUDITOR = "auditor"
    SERVICE = "service"
    PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What may be seen: each limit that is set must hold; ``None`` sets no limit.

    Attributes:
        countries: ISO 3166-1 alpha-2 codes.
        cohorts: cohort ids.
        subject_id: only what belongs to this person.
    """

    countries: frozenset[str] | None = None
    cohorts: frozenset[str] | None = None
    subject_id: str | None = None

    def can_read(self, *, country_code: str, cohort_id: str | None, subject_id: str | None) -> bool:
        """Whether a document with these three marks is visible."""
        return (
            (self.countries is None or country_code == CENTRE or country_code in self.countries)
            and (self.cohorts is None or cohort_id is None or cohort_id in self.cohorts)
            and (self.subject_id is None or subject_id == self.subject_id)
        )

    def can_change(
        self, *, country_code: str, cohort_id: str | None, subject_id: str | None
    ) -> bool:
        """Whether a document with these three marks may be written."""
        return (
            (self.countries is None or country_code in self.countries)
            and (self.cohorts is None or cohort_id in self.cohorts)
            and (self.subject_id is None or subject_id == self.subject_id)
        )


EVERYTHING = Scope()
"""The centre's own scope: operators, and services acting on events."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks: an opaque id, roles, and the scope they give."""

    actor_id: str
    roles: frozenset[Role]
    scope: Scope = field(default=EVERYTHING)

    def has(self, *roles: Role) -> bool:
        """Whether any of ``roles`` is held."""
        return not self.roles.isdisjoint(roles)

    def require(self, *roles: Role) -> None:
        """Refuse who holds none of ``roles``.

        Raises:
            Forbidden: ``access.role_missing``.
        """
        if not self.has(*roles):
            wanted = ", ".join(sorted(roles))
            raise Forbidden("access.role_missing", f"this needs one of the roles: {wanted}")


def service_actor(service: str) -> Actor:
    """The actor of what a service does by itself: on an event, a timer, a job."""
    return Actor(actor_id=f"service:{service}", roles=frozenset({Role.SERVICE}))


PUBLIC_ACTOR = Actor(actor_id="public", roles=frozenset({Role.PUBLIC}))
"""Who comes without a token: sees only routes that are declared public."""
