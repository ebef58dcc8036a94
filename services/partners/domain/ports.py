"""What the handlers need of the world."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chassis.ports import Aggregates
from services.partners.domain.addresses import Target
from services.partners.domain.delivery import Delivery
from services.partners.domain.endpoint import Endpoint
from services.partners.domain.erasure import Erasure
from services.partners.domain.feed import FeedEntry
from services.partners.domain.schedule import Outcome
from services.partners.domain.subscription import Subscription

Subscriptions = Aggregates[Subscription]
Endpoints = Aggregates[Endpoint]
Deliveries = Aggregates[Delivery]
Erasures = Aggregates[Erasure]


class Feeds(Protocol):
    """The feeds of all subscriptions."""

    def open(self, subscription_id: str) -> None:
        """Begin an empty feed, in the transaction around us."""
        ...

    def next_number(self, subscription_id: str) -> int:
        """Take the next number; given back when the transaction around us fails."""
        ...

    def append(self, entry: FeedEntry) -> None:
        """Keep an entry, in the transaction around us."""
        ...

    def size(self, subscription_id: str) -> int:
        """The last number given."""
        ...

    def entry(self, subscription_id: str, number: int) -> FeedEntry:
        """One entry.

        Raises:
            NotFound: ``entry.not_found``.
        """
        ...

    def holds(self, event_id: str) -> bool:
        """Whether the partner's own id of an event is in its feed."""
        ...

    def knows(self, subscription_id: str, person_id: str) -> bool:
        """Whether the feed holds anything about a person, by the partner's own id."""
        ...


class Roster(Protocol):
    """Which subscriptions an event is for."""

    def matching(self, event_type: str, country_code: str) -> Sequence[str]:
        """Active subscriptions that allow type and country, in id order."""
        ...

    def allowing(self, event_type: str) -> Sequence[str]:
        """Active subscriptions that allow a type, of any country, in id order."""
        ...


class Keys(Protocol):
    """Keys and secrets of partners; all hang on one master key."""

    def person_key(self, partner_code: str) -> bytes:
        """The partner's own key for ids of people; the same for ever."""
        ...

    def seal(self, secret: bytes, subscription_id: str) -> str:
        """A webhook secret as it may be stored."""
        ...

    def open(self, sealed: str, subscription_id: str) -> bytes:
        """The webhook secret."""
        ...


class Sender(Protocol):
    """Sends one webhook."""

    def send(self, target: Target, *, headers: dict[str, str], body: bytes) -> Outcome:
        """One try; whatever goes wrong outside is told by the outcome."""
        ...
