"""Settings that would open this machine to partners are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.partners.settings import PartnersSettings


def test_loopback_in_production_is_refused() -> None:
    with pytest.raises(ValueError, match="RTCM_MODE=demo or test"):
        PartnersSettings(keys_dir=Path("keys"), allow_loopback=True)


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_loopback_in_demo_and_test_is_allowed(mode: str) -> None:
    assert PartnersSettings(keys_dir=Path("keys"), mode=mode, allow_loopback=True).allow_loopback
