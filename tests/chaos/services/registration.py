"""``python -m tests.chaos.services.registration api|worker``: announces programmes."""

from contracts.scheduling import TrainerConfirmed
from tests.chaos.services.service import run

if __name__ == "__main__":
    raise SystemExit(run("registration", (TrainerConfirmed,)))
