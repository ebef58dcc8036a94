"""What a partner system may know, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.access import CENTRE
from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from contracts.partners import SubscriptionActivated, SubscriptionEnded
from services.partners.domain.projection import PUBLIC_FIELDS, SUBJECT_ERASED, is_about_people


class SubscriptionStatus(StrEnum):
    """``ended`` is for good: a partner that comes back gets a new subscription."""

    ACTIVE = "active"
    ENDED = "ended"


@dataclass(kw_only=True)
class Subscription(Aggregate):
    """One agreement with one partner: event types, countries, end.

    Rules
      R1  only types that partners may see at all (``projection.PUBLIC_FIELDS``)
      R2  who is told of people is told of their erasure, asked for or not
      R3  it ends in the future, if at a set time
      R4  it ends once; nothing of it changes or is delivered afterwards

    Attributes:
        country_code: whose it is: the one country it is for, else the centre.
        country_codes: countries whose events it gets; ``*`` stands for the centre's own, which
            come only where it is listed.
        api_key_sha256: of the key that reads the feed; the key itself is kept nowhere.
    """

    subscription_id: str
    partner_code: str
    agreement_reference: str
    event_types: tuple[str, ...]
    country_codes: tuple[str, ...]
    country_code: str
    api_key_sha256: str
    activated_at: datetime
    expires_at: datetime | None = None
    status: SubscriptionStatus = SubscriptionStatus.ACTIVE
    ended_at: datetime | None = None
    end_reason_code: str | None = None

    @classmethod
    def activate(
        cls,
        *,
        subscription_id: str,
        partner_code: str,
        agreement_reference: str,
        event_types: frozenset[str],
        country_codes: frozenset[str],
        api_key_sha256: str,
        expires_at: datetime | None,
        now: datetime,
    ) -> Subscription:
        """Let a partner in; records ``SubscriptionActivated``.

        Raises:
            RuleViolation: ``subscription.type_not_public`` or ``subscription.ends_in_past``.
        """
        hidden = sorted(event_types - PUBLIC_FIELDS.keys())
        if hidden:
            raise RuleViolation(
                "subscription.type_not_public", f"no partner may see {', '.join(hidden)}"
            )
        if expires_at is not None and expires_at <= now:
            raise RuleViolation("subscription.ends_in_past", "it would end before it begins")
        if any(is_about_people(event_type) for event_type in event_types):
            event_types |= {SUBJECT_ERASED}
        subscription = cls(
            subscription_id=subscription_id,
            partner_code=partner_code,
            agreement_reference=agreement_reference,
            event_types=tuple(sorted(event_types)),
            country_codes=tuple(sorted(country_codes)),
            country_code=next(iter(country_codes)) if len(country_codes) == 1 else CENTRE,
            api_key_sha256=api_key_sha256,
            activated_at=now,
            expires_at=expires_at,
        )
        subscription.record(
            SubscriptionActivated(
                subscription_id=subscription_id,
                partner_code=partner_code,
                event_types=subscription.event_types,
                country_codes=subscription.country_codes,
                country_code=subscription.country_code,
                activated_at=now,
            )
        )
        return subscription

    def is_open(self, now: datetime) -> bool:
        """Whether the partner may read and receive at this instant."""
        before_end = self.expires_at is None or now < self.expires_at
        return self.status is SubscriptionStatus.ACTIVE and before_end

    def require_active(self) -> None:
        """Refuse what only an active subscription has (R4).

        Raises:
            RuleViolation: ``subscription.ended``.
        """
        if self.status is not SubscriptionStatus.ACTIVE:
            raise RuleViolation("subscription.ended", "this subscription has ended")

    def change_key(self, api_key_sha256: str) -> None:
        """Another key reads the feed from now on; the former does no more.

        Raises:
            RuleViolation: ``subscription.ended``.
        """
        self.require_active()
        self.api_key_sha256 = api_key_sha256

    def end(self, reason_code: str, *, now: datetime) -> None:
        """Tell the partner nothing any more; records ``SubscriptionEnded``.

        Raises:
            RuleViolation: ``subscription.ended``.
        """
        self.require_active()
        self.status = SubscriptionStatus.ENDED
        self.ended_at = now
        self.end_reason_code = reason_code
        self.record(
            SubscriptionEnded(
                subscription_id=self.subscription_id,
                partner_code=self.partner_code,
                country_code=self.country_code,
                reason_code=reason_code,
                ended_at=now,
            )
        )
