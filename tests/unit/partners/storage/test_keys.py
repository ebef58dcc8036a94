"""Keys of partners: each its own, the same for ever, sealed for one subscription."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.sealing import SealBroken
from services.partners.storage.keys import PartnerKeys


def test_person_keys_differ_by_partner_and_outlive_the_process(tmp_path: Path) -> None:
    file = tmp_path / "partners.master.key"
    first = PartnerKeys(file).person_key("a")

    assert PartnerKeys(file).person_key("a") == first
    assert PartnerKeys(file).person_key("b") != first
    assert PartnerKeys(tmp_path / "other.key").person_key("a") != first
    assert file.stat().st_mode & 0o077 == 0


def test_secret_opens_for_its_own_subscription_only(tmp_path: Path) -> None:
    keys = PartnerKeys(tmp_path / "partners.master.key")
    sealed = keys.seal(b"s" * 32, "one")

    assert keys.open(sealed, "one") == b"s" * 32
    with pytest.raises(SealBroken):
        keys.open(sealed, "two")
