"""``python -m services.partners api|worker``."""

from chassis.running import main
from services.partners.settings import PartnersSettings
from services.partners.wiring import build

if __name__ == "__main__":
    raise SystemExit(main("partners", PartnersSettings, build))
