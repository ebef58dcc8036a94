"""The only language services share: what each of them announces.

One file per publishing service, one frozen class per event. Nothing here imports a framework.
Importing the package declares every event, so ``contracts.event.REGISTRY`` is always full.
"""

from contracts import (
    certification,
    notifications,
    partners,
    registration,
    scheduling,
    selection,
)

__all__ = [
    "certification",
    "notifications",
    "partners",
    "registration",
    "scheduling",
    "selection",
]
