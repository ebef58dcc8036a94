"""Only ``chassis.clock`` reads time and only ``chassis.ids`` draws randomness."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import called_names, parsed

FORBIDDEN = re.compile(
    r"datetime\.(datetime|date)\.(now|utcnow|today)"
    r"|time\.(?!sleep\b)[a-z_]+(\..*)?"
    r"|(random|secrets)\..+"
    r"|uuid\.uuid\w+|uuid_utils\..+"
    r"|os\.(urandom|getrandom)"
    r"|numpy\.random\..+"
)

ALLOWED = {
    "chassis/clock.py": "reads time",
    "chassis/ids.py": "draws ids and secrets",
}
"""Module -> why it may."""


def offences(tree: ast.Module) -> list[str]:
    return [
        f"line {line}: {name}" for line, name in called_names(tree) if FORBIDDEN.fullmatch(name)
    ]


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime\ndatetime.now()",
        "import datetime as d\nd.datetime.utcnow()",
        "from datetime import date as day\nday.today()",
        "import time\ntime.time()",
        "from time import monotonic\nmonotonic()",
        "import random\nrandom.choice([1])",
        "from secrets import token_hex\ntoken_hex()",
        "from uuid import uuid4\nuuid4()",
        "import os\nos.urandom(1)",
        "import numpy as np\nnp.random.default_rng()",
    ],
)
def test_the_scan_sees(code: str):
    assert offences(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(1)",
        "from datetime import datetime\ndatetime.fromisoformat('x')",
        "from uuid import UUID\nUUID('x')",
        "def f(time):\n    return time.time()",
    ],
)
def test_the_scan_lets_pass(code: str):
    assert offences(ast.parse(code)) == []


def test_nobody_else_reads_time_or_draws_randomness():
    found = {
        str(path): offences(tree)
        for path, tree in parsed("contracts", "chassis", "services").items()
        if str(path) not in ALLOWED
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_those_who_may_do():
    trees = parsed("contracts", "chassis", "services")
    assert [path for path in ALLOWED if not offences(trees[Path(path)])] == []
