"""An app on gunicorn: threads for requests, an orderly end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.config import KNOWN_SETTINGS
from gunicorn.glogging import Logger


class _Entries(Logger):  # type: ignore[misc]  # -- gunicorn ships no types
    """The server's entries go where all others of the process go: one JSON object a line."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in list(self.error_log.handlers):
            self.error_log.removeHandler(handler)
        self.error_log.propagate = True


class _Server(BaseApplication):  # type: ignore[misc]  # -- gunicorn ships no types
    def __init__(self, build: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._build = build
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._build()


def serve(build: Callable[[], Flask], *, host: str, port: int, threads: int) -> None:
    """Answer requests until SIGTERM; the ones under way are finished.

    Args:
        build: makes the app inside the serving process, after the fork: a database client must
            not cross one.
    """
    options = {
        "bind": f"{host}:{port}",
        "workers": 1,
        "threads": threads,
        "worker_class": "gthread",
        "graceful_timeout": 10,
        "timeout": 60,
        "keepalive": 30,
        "loglevel": "warning",
        "logger_class": _Entries,
        "control_socket_disable": True,
    }
    _Server(build, {k: v for k, v in options.items() if k in _known()}).run()


def _known() -> set[str]:
    return {setting.name for setting in KNOWN_SETTINGS}
