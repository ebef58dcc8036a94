"""A mail server that keeps what it gets as files: for demo and tests, on this machine alone."""

from __future__ import annotations

import signal
import threading
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from chassis.ids import is_id, new_id

_SIZE_LIMIT_BYTES = 8_388_608


class MailSink:
    """Listens while it is open; each mail becomes ``<id>.eml``, ids in order of arrival."""

    def __init__(self, directory: Path, *, host: str, port: int) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._controller = Controller(
            _Keeper(directory),
            hostname=host,
            port=port,
            data_size_limit=_SIZE_LIMIT_BYTES,
            enable_SMTPUTF8=True,
            ready_timeout=10.0,
        )

    def __enter__(self) -> MailSink:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


class _Keeper:
    """aiosmtpd's handler."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        id_ = new_id()
        draft = self._directory / f"{id_}.draft"
        draft.write_bytes(envelope.content)
        draft.rename(draft.with_suffix(".eml"))  # readers see whole mails only
        return f"250 kept as {id_}"


def serve(directory: Path, *, host: str, port: int) -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with MailSink(directory, host=host, port=port):
        stop.wait()
    return 0


class KeptMails:
    """Reads what a sink kept."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def page(self, *, after: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
        """Headers of some mails, the newest first, and the id to go on from."""
        ids = sorted((file.stem for file in self._directory.glob("*.eml")), reverse=True)
        if after is not None:
            ids = [id_ for id_ in ids if id_ < after]
        items = [_headers(id_, self._read(id_)) for id_ in ids[:limit]]
        return items, ids[limit - 1] if len(ids) > limit else None

    def one(self, mail_id: str) -> dict[str, Any] | None:
        """One mail in its parts, or ``None``."""
        if not is_id(mail_id) or not (self._directory / f"{mail_id}.eml").is_file():
            return None
        mail = self._read(mail_id)
        return {
            **_headers(mail_id, mail),
            "text": _body(mail, "plain"),
            "html": _body(mail, "html"),
            "attachments": [
                {
                    "filename": part.get_filename() or "",
                    "content_type": part.get_content_type(),
                    "content": _text_of(part),
                }
                for part in mail.iter_attachments()
            ],
        }

    def _read(self, mail_id: str) -> EmailMessage:
        content = (self._directory / f"{mail_id}.eml").read_bytes()
        return BytesParser(policy=policy.default).parsebytes(content)


def _headers(mail_id: str, mail: EmailMessage) -> dict[str, Any]:
    return {
        "id": mail_id,
        "message_id": str(mail["Message-ID"] or ""),
        "type_code": str(mail["X-RTCM-Type"] or ""),
        "to": str(mail["To"] or ""),
        "from": str(mail["From"] or ""),
        "subject": str(mail["Subject"] or ""),
        "date": str(mail["Date"] or ""),
        "language_code": str(mail["Content-Language"] or ""),
    }


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def _text_of(part: EmailMessage) -> str:
    content = part.get_content()
    return content if isinstance(content, str) else content.decode("utf-8", "replace")
