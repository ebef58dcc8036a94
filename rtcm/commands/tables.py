"""CSV files that commands read; what is wrong with one is a sentence that names the line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from rtcm.commands.files import Unreadable, read_bytes


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line under the header."""

    name: str
    line: int
    cells: dict[str, str]

    def refuse(self, problem: str) -> NoReturn:
        """End the command: this line cannot be taken."""
        raise Unreadable(f"{self.name}: line {self.line}: {problem}")

    def text(self, column: str) -> str:
        """A cell that is not empty."""
        if not self.cells[column]:
            self.refuse(f"{column} is empty")
        return self.cells[column]


def read_table(
    path: Path, *, needed: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[Row]:
    """The rows of a UTF-8 CSV file with commas and one header line; spaces around cells go.

    Raises:
        Unreadable: no such file, not UTF-8, no such columns, a line of another width, a line
            that is empty (but at the end), or quotes that do not close.
    """
    raw = read_bytes(path)
    try:
        text = raw.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path}: not UTF-8 text (byte {error.start})") from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [cell.strip() for cell in _next(lines, path) or []]
    _check_header(header, needed, optional, path)
    while (cells := _next(lines, path)) is not None:
        row = Row(name=str(path), line=lines.line_num, cells={})
        if not any(cell.strip() for cell in cells):
            row.refuse("is empty")
        if len(cells) != len(header):
            row.refuse(f"has {len(cells)} cells, the header has {len(header)}")
        row.cells.update(zip(header, (cell.strip() for cell in cells), strict=True))
        yield row


def _next(lines: Iterator[list[str]], path: Path) -> list[str] | None:
    try:
        return next(lines, None)
    except csv.Error as error:
        number = getattr(lines, "line_num", 0)
        raise Unreadable(f"{path}: line {number}: not CSV: {error}") from error


def _check_header(
    header: list[str], needed: tuple[str, ...], optional: tuple[str, ...], path: Path
) -> None:
    if not any(header):
        raise Unreadable(f"{path}: line 1: needs a header with {', '.join(needed)}")
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise Unreadable(f"{path}: line 1: cells must be separated by commas")
    for column in header:
        if column not in needed + optional:
            known = ", ".join(needed + optional)
            raise Unreadable(f"{path}: line 1: unknown column {column[:60]!r}; known are {known}")
        if header.count(column) > 1:
            raise Unreadable(f"{path}: line 1: column {column} is there twice")
    for column in needed:
        if column not in header:
            raise Unreadable(f"{path}: line 1: column {column} is missing")
