"""Course timetabling problems for benchmarks: files that were named, or some made from seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.scheduling.domain.timetabling.instance import Instance
from services.scheduling.domain.timetabling.reading import read_instance
from services.scheduling.domain.timetabling.writing import write_instance
from tests.builders.timetabling import an_instance

MADE_COUNT = 3


def instance_paths(paths: Sequence[Path], folder: Path) -> list[Path]:
    """The files that were named; where none was, some made ones, written into ``folder``."""
    if paths:
        return list(paths)
    made = [folder / f"made-{seed}.ctt" for seed in range(1, MADE_COUNT + 1)]
    for seed, path in enumerate(made, 1):
        path.write_bytes(write_instance(made_instance(seed)))
    return made


def made_instance(seed: int) -> Instance:
    """A problem of the size of a faculty."""
    return an_instance(
        seed,
        courses=60,
        rooms=12,
        days=5,
        periods_per_day=5,
        curricula=40,
        teachers=25,
        unavailable=0.2,
        load=0.7,
    )


def read(path: Path) -> Instance:
    """Read one file."""
    return read_instance(path.read_bytes())
