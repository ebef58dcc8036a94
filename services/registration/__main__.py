"""``python -m services.registration api|worker``."""

from __future__ import annotations

import sys

from chassis.running import main
from services.registration.settings import RegistrationSettings
from services.registration.wiring import build

if __name__ == "__main__":
    sys.exit(main("registration", RegistrationSettings, build))
