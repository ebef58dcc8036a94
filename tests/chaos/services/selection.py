"""``python -m tests.chaos.services.selection api|worker``: announces and hears."""

from contracts.registration import ProgrammePublished
from tests.chaos.services.service import run

if __name__ == "__main__":
    raise SystemExit(run("selection", (ProgrammePublished,)))
