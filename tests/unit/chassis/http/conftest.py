"""The made-up service, fresh for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.chassis.http.bakery import Bakery, open_bakery


@pytest.fixture
def bakery(tmp_path: Path) -> Bakery:
    """A bakery with nothing in it."""
    return open_bakery(tmp_path / "keys")
