"""``python -m services.certification api|worker``."""

from chassis.running import main
from services.certification.settings import CertificationSettings
from services.certification.wiring import build

if __name__ == "__main__":
    raise SystemExit(main("certification", CertificationSettings, build))
