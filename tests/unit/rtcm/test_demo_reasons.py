"""What the demo gives as a reason is said in words on the verification page, not as a code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import services.console
from rtcm.demo.scenes.certifying import IN_ERROR, MISSPELT, UNDER_REVIEW

TEXTS = Path(services.console.__file__).with_name("texts")


@pytest.mark.parametrize("code", [MISSPELT, IN_ERROR, UNDER_REVIEW])
@pytest.mark.parametrize("catalogue", sorted(TEXTS.glob("*.json")), ids=lambda path: path.stem)
def test_a_reason_has_words_in_every_language(catalogue: Path, code: str) -> None:
    assert f"reason.{code}" in json.loads(catalogue.read_text("utf-8"))
