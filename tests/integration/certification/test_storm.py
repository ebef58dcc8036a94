"""The storm of issuing, short."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.mongo.connection import Database
from tests.integration.certification.scene import Scene, Vault
from tests.integration.certification.storm import Storm

pytestmark = pytest.mark.mongo


def test_two_workers_who_die_at_every_step_leave_one_certificate_each(
    database: Database, tmp_path: Path
) -> None:
    vault = Vault()
    with vault.serving() as url:
        scene = Scene(database, tmp_path, vault, url)
        found = Storm(scene, people=10, seed=1).run()
    assert found["wrong"] == {}
    assert min(found["died"], found["certificates"]) > 5
