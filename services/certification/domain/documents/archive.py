"""Many files as one ZIP archive, written while it is read: memory holds one file at a time."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zipfile import ZIP_STORED, ZipFile, ZipInfo


class _Sink(io.RawIOBase):
    """What a ``ZipFile`` writes to: bytes wait here until they are taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, chunk: bytes) -> int:  # type: ignore[override]  # -- a file of bytes
        self._waiting.append(bytes(chunk))
        return len(chunk)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        taken, self._waiting = b"".join(self._waiting), []
        return taken


def zip_stream(files: Iterable[tuple[str, datetime, bytes]]) -> Iterator[bytes]:
    """A ZIP archive in pieces.

    Args:
        files: name, instant and content of each; PDFs are packed already, so they are stored.
    """
    sink = _Sink()
    with ZipFile(sink, "w", ZIP_STORED) as archive:
        for name, at, content in files:
            when = at.astimezone(UTC)
            entry = ZipInfo(name, (when.year, when.month, when.day, when.hour, when.minute, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
            yield sink.taken()
    yield sink.taken()
