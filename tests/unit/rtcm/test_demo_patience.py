"""The story waits for a busy platform, and for nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from chassis.clock import SharedClock
from chassis.errors import Unavailable
from chassis.http.client import Reply
from rtcm.demo.stage import Stage


class Platform:
    """Answers as told, then well."""

    def __init__(self, folder: Path, *errors: Unavailable) -> None:
        self.urls: dict[str, str] = {}
        self.clock = SharedClock(folder / "clock.json")
        self.errors = list(errors)
        self.sent: list[str] = []

    def client(self, _: str) -> Any:
        return self

    def post(self, path: str, body: Any, **_: Any) -> Reply:
        self.sent.append(path)
        if self.errors:
            raise self.errors.pop(0)
        return Reply(201, {"id": "made"})


def busy(code: str) -> Unavailable:
    return Unavailable(code, "try again", retry_after_seconds=1)


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr("rtcm.demo.stage.time.sleep", seconds.append)
    return seconds


def test_what_changed_nothing_is_sent_again_after_the_time_asked_for(
    tmp_path: Path, slept: list[float]
) -> None:
    platform = Platform(tmp_path, busy("database.busy"), busy("database.unavailable"))
    stage = Stage(platform, seed=1, screen=Console(quiet=True))

    assert stage.post("registration", "/subjects").body == {"id": "made"}
    assert platform.sent == ["/subjects"] * 3
    assert slept == [1, 1]


def test_what_may_have_been_done_is_never_sent_twice(tmp_path: Path) -> None:
    platform = Platform(tmp_path, busy("database.outcome_unknown"))
    stage = Stage(platform, seed=1, screen=Console(quiet=True))

    with pytest.raises(Unavailable, match="try again"):
        stage.post("registration", "/subjects")
    assert platform.sent == ["/subjects"]
