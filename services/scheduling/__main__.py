"""``python -m services.scheduling api|worker``."""

from __future__ import annotations

import sys

from chassis.running import main
from services.scheduling.settings import SchedulingSettings
from services.scheduling.wiring import build

if __name__ == "__main__":
    sys.exit(main("scheduling", SchedulingSettings, build))
