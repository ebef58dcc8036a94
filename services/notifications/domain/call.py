"""What messages need to know of a call: when it closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.aggregate import Aggregate


@dataclass(kw_only=True)
class Call(Aggregate):
    """The window in which people apply."""

    call_id: str
    country_code: str
    closes_at: datetime
