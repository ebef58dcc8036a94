"""A headless Chromium, driven over its DevTools pipe: two file descriptors, no port, no library."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-pipe",
)  # fmt: skip


def executable() -> str | None:
    """Where Chromium is, if it is here."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


class Browser:
    """One page of one browser."""

    def __init__(self, folder: Path, *, width: int = 1280, height: int = 900) -> None:
        chromium = executable()
        assert chromium is not None
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        # Chromium reads its orders from descriptor 3 and answers on 4.
        command = 'exec "$0" "$@" 3<&"$RTCM_IN" 4>&"$RTCM_OUT"'
        self._process = subprocess.Popen(
            ["bash", "-c", command, chromium, *FLAGS, f"--user-data-dir={folder}"],
            pass_fds=(theirs_in, theirs_out),
            env=os.environ | {"RTCM_IN": str(theirs_in), "RTCM_OUT": str(theirs_out)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._rest, self._count = b"", 0
        self._session: str | None = None
        target = self.order("Target.createTarget", url="about:blank")["targetId"]
        attached = self.order("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.order("Page.enable")
        self.resize(width, height)

    def order(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One order and its answer."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, answer["error"]
                return dict(answer["result"])

    def open(self, address: str) -> None:
        """Go to a page and wait until it is whole."""
        self.order("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        found = self.order(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until an expression is true."""
        deadline = time.monotonic() + 120
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, expression
            time.sleep(0.05)

    def choose(self, selector: str, *paths: Path) -> None:
        """Put files into a file field."""
        root = self.order("DOM.getDocument")["root"]["nodeId"]
        field = self.order("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.order("DOM.setFileInputFiles", nodeId=field, files=[str(path) for path in paths])

    def resize(self, width: int, height: int) -> None:
        """The size of the window in CSS pixels."""
        self.order(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        shot = self.order("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self) -> None:
        """End the browser."""
        os.close(self._to)
        os.close(self._from)
        self._process.kill()
        self._process.wait()

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            chunk = os.read(self._from, 1 << 16)
            assert chunk, "the browser ended"
            self._rest += chunk
        message, _, self._rest = self._rest.partition(b"\0")
        return dict(json.loads(message))
