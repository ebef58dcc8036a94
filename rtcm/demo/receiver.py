"""A partner's system: takes webhooks, checks their signatures, reads the feed."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


class Receiver:
    """Listens on a free loopback port."""

    def __init__(self) -> None:
        self.secret = ""
        self.api_key = ""
        self.received: list[dict[str, Any]] = []
        self.unsigned = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204 if receiver.take(body, dict(self.headers)) else 401)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._seen: set[str] = set()

    @property
    def url(self) -> str:
        """Where webhooks go."""
        return f"http://127.0.0.1:{self._server.server_port}/hooks"

    def take(self, body: bytes, headers: dict[str, str]) -> bool:
        """Keep a webhook whose signature holds; the same one twice counts once."""
        try:
            Webhook(self.secret).verify(body, {name.lower(): v for name, v in headers.items()})
        except WebhookVerificationError:
            self.unsigned += 1
            return False
        event = json.loads(body)
        if event["id"] not in self._seen:
            self._seen.add(event["id"])
            self.received.append(event)
        return True

    def read_feed(self, base_url: str) -> list[dict[str, Any]]:
        """Everything in the feed, page by page."""
        pool = urllib3.PoolManager()
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            fields = {"limit": "100"} | ({"after": cursor} if cursor else {})
            response = pool.request(
                "GET",
                f"{base_url}/feed",
                fields=fields,
                headers={"Authorization": f"Bearer {self.api_key}"},
            )
            page = json.loads(response.data)
            found.extend(page["items"])
            if not page["items"]:
                return found
            cursor = page["next_cursor"]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
