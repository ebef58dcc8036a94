"""``python -m services.notifications api|worker|sink``."""

from __future__ import annotations

import os
import sys

from chassis.running import main
from chassis.settings import SettingsError, load
from services.notifications.post.sink import serve
from services.notifications.settings import NotificationsSettings
from services.notifications.wiring import build


def run_sink() -> int:
    """Keep mails until stopped; the exit status."""
    try:
        settings = load(NotificationsSettings, os.environ, prefixes=("RTCM_NOTIFICATIONS_",))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if settings.sink_dir is None:
        sys.stderr.write("RTCM_NOTIFICATIONS_SINK_DIR is missing: where mails are kept\n")
        return 2
    host, port = settings.sink_listen
    return serve(settings.sink_dir, host=host, port=port)


if __name__ == "__main__":
    if sys.argv[1:] == ["sink"]:
        sys.exit(run_sink())
    sys.exit(main("notifications", NotificationsSettings, build))
