"""Where a subscription's webhooks go, and what they are signed with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.aggregate import Aggregate
from chassis.errors import RuleViolation
from contracts.partners import EndpointDisabled


class EndpointStatus(StrEnum):
    """``unset`` has no address yet, ``disabled`` one that no longer answered well."""

    UNSET = "unset"
    ENABLED = "enabled"
    DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class SealedSecret:
    """One signing secret; only ciphertext is stored.

    Attributes:
        signs_until: when it stops signing; ``None`` for the newest.
    """

    sealed: str
    made_at: datetime
    signs_until: datetime | None = None

    def signs(self, now: datetime) -> bool:
        """Whether webhooks carry its signature at this instant."""
        return self.signs_until is None or now < self.signs_until


@dataclass(kw_only=True)
class Endpoint(Aggregate):
    """The address of one subscription; its id is the subscription's.

    Rules
      R1  at most two secrets sign: the newest, and the one before it for a while
      R2  only an enabled endpoint is disabled; what failed is then no longer tried
      R3  a new address, or the same given again, enables it
    """

    subscription_id: str
    country_code: str
    secrets: tuple[SealedSecret, ...]
    url: str | None = None
    status: EndpointStatus = EndpointStatus.UNSET
    disabled_reason_code: str | None = None

    @property
    def is_enabled(self) -> bool:
        """Whether webhooks go out."""
        return self.status is EndpointStatus.ENABLED

    def require_enabled(self) -> None:
        """Refuse what only an enabled endpoint has.

        Raises:
            RuleViolation: ``endpoint.not_enabled``.
        """
        if not self.is_enabled:
            raise RuleViolation("endpoint.not_enabled", f"the endpoint is {self.status}")

    def direct_to(self, url: str) -> None:
        """Send webhooks to this address from now on (R3)."""
        self.url = url
        self.status = EndpointStatus.ENABLED
        self.disabled_reason_code = None

    def rotate(self, sealed: str, *, now: datetime, former_signs_until: datetime) -> None:
        """Sign with a new secret; the former signs beside it for a while (R1)."""
        former = replace(self.secrets[-1], signs_until=former_signs_until)
        self.secrets = (former, SealedSecret(sealed=sealed, made_at=now))

    def signing_secrets(self, now: datetime) -> tuple[str, ...]:
        """Ciphertexts of the secrets that sign, the newest first."""
        return tuple(secret.sealed for secret in reversed(self.secrets) if secret.signs(now))

    def disable(self, reason_code: str, *, now: datetime) -> None:
        """Send nothing there any more; records ``EndpointDisabled``.

        Raises:
            RuleViolation: ``endpoint.not_enabled``.
        """
        self.require_enabled()
        self.status = EndpointStatus.DISABLED
        self.disabled_reason_code = reason_code
        self.record(
            EndpointDisabled(
                subscription_id=self.subscription_id,
                country_code=self.country_code,
                reason_code=reason_code,
                disabled_at=now,
            )
        )
