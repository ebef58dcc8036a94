"""``python -m tests.chaos.services.scheduling api|worker``: hears programmes and rule sets.

Hearing a chained programme it announces a step of its own, which registration hears.
"""

from contracts.registration import ProgrammePublished
from contracts.selection import RuleSetFrozen
from tests.chaos.services.service import run

if __name__ == "__main__":
    raise SystemExit(run("scheduling", (ProgrammePublished, RuleSetFrozen)))
