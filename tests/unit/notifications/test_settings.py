"""Settings of notifications."""

from pathlib import Path

import pytest

from chassis.settings import SettingsError, load
from services.notifications.settings import NotificationsSettings

BASE = {"RTCM_KEYS_DIR": "keys"}


def test_sink_is_refused_in_production():
    with pytest.raises(SettingsError, match="RTCM_NOTIFICATIONS_SINK_DIR"):
        load(NotificationsSettings, {**BASE, "RTCM_NOTIFICATIONS_SINK_DIR": "mails"})


def test_sink_is_allowed_in_demo():
    environ = {
        **BASE,
        "RTCM_MODE": "demo",
        "RTCM_NOTIFICATIONS_SINK_DIR": "mails",
        "RTCM_NOTIFICATIONS_SINK_LISTEN": "127.0.0.1:0",
        "RTCM_NOTIFICATIONS_SMTP_URL": "smtp://127.0.0.1:3000",
    }
    settings = load(NotificationsSettings, environ)
    assert settings.sink_dir == Path("mails")
    assert settings.sink_listen == ("127.0.0.1", 0)
    assert settings.smtp.port == 3000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example"),
        ("SENDER_ADDRESS", "nobody"),
        ("SENDER_ADDRESS", "a@b@c"),
        ("SINK_LISTEN", "2525"),
    ],
)
def test_wrong_value_is_named(name, value):
    with pytest.raises(SettingsError, match=f"RTCM_NOTIFICATIONS_{name}"):
        load(NotificationsSettings, {**BASE, f"RTCM_NOTIFICATIONS_{name}": value})
