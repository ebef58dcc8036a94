"""``python -m services.selection api|worker``."""

from __future__ import annotations

import sys

from chassis.running import main
from services.selection.settings import SelectionSettings
from services.selection.wiring import build

if __name__ == "__main__":
    sys.exit(main("selection", SelectionSettings, build))
