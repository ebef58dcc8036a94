"""Hard rules beyond a session's own place: one object each, for the checker and the model.

A rule is added here and in ``rules``: its name, its sentence, how a plan breaks it, how a model
keeps it.
"""

from __future__ import annotations

from services.scheduling.domain.solver.limits.cohorts import PartGap, WeekLimit
from services.scheduling.domain.solver.limits.interpreters import Interpreters
from services.scheduling.domain.solver.limits.limit import Limit
from services.scheduling.domain.solver.limits.trainers import TrainerLoad
from services.scheduling.domain.solver.limits.visits import Block, Travel

LIMITS: tuple[Limit, ...] = (
    PartGap(),
    WeekLimit(),
    Block(),
    Travel(),
    TrainerLoad(),
    Interpreters(),
)
"""In the order in which breaches are told."""
