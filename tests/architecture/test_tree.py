"""Habits of the house that a machine can look after."""

from __future__ import annotations

import re
from pathlib import Path

from chassis.settings import SERVICES
from tests.architecture.tree import ROOT, own_files

LONGEST = 400  # lines of a module; most have 60-120

LONGER = {
    "tests/builders/console_world.py": "stand-ins for all the services the console asks",
    "tests/unit/registration/handlers/test_commands.py": "every command of one service",
    "tests/integration/scheduling/test_service.py": "one service told as one story",
    "tests/unit/scheduling/api/test_routes.py": "every route of one service",
    "tests/unit/scheduling/handlers/test_timetables.py": "every command of one aggregate",
}
"""Module -> why it is longer."""

TEXTS = {".py", ".md", ".sh", ".toml", ".yml", ".yaml", ".xml", ".html", ".css", ".js", ".typ",
         ".json", ".txt", ".lock", ""}  # fmt: skip

# An absolute path of somebody's machine. Scratch space of a container's own file system is not.
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(work|home|root|Users)/\w|(?<![\w.~}-])/tmp/\w")
OWN_SCRATCH = ("tests/", "docker-compose.yml", "Dockerfile", "deploy/")

LOCKS = ("requirements.lock", "requirements-dev.lock")


def test_every_service_has_a_page_about_itself():
    missing = [s for s in SERVICES if not (ROOT / "services" / s / "README.md").exists()]
    assert missing == []


def test_modules_hold_one_idea():
    long = {
        str(path)
        for path in own_files()
        if path.suffix == ".py" and len((ROOT / path).read_text("utf-8").splitlines()) > LONGEST
    }
    assert long == set(LONGER)


def test_locks_name_no_download_host():
    for name in LOCKS:
        lines = (ROOT / name).read_text("utf-8").splitlines()
        assert [line for line in lines if "://" in line or "--index" in line] == []
        assert any(line.strip().startswith("--hash=sha256:") for line in lines)


def test_nothing_names_a_place_of_one_machine():
    found = [
        f"{path}:{number}: {line.strip()[:80]}"
        for path in own_files()
        if path.suffix in TEXTS and not str(path).startswith(OWN_SCRATCH)
        for number, line in enumerate(_lines(path), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


def test_suppressions_carry_a_code_and_a_reason():
    bare = re.compile(r"#\s*(noqa(?!: [A-Z]+\d+.* -- \S)|type: ignore(?!\[[\w, -]+\].* -- \S))")
    found = [
        f"{path}:{number}"
        for path in own_files()
        if path.suffix == ".py" and path.parts[0] != "tests"
        for number, line in enumerate(_lines(path), 1)
        if bare.search(line)
    ]
    assert found == []


def test_no_drawer_for_odds_and_ends():
    odd = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [str(path) for path in own_files() if odd & set(Path(path).with_suffix("").parts)] == []


def _lines(path: Path) -> list[str]:
    return (ROOT / path).read_text("utf-8", errors="replace").splitlines()
