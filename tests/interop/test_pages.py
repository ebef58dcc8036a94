"""Every page of the console in a real browser, per role, language and width, judged by axe.

The services behind it are canned answers: what is looked at are the pages.
"""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.builders import console_world as world
from tests.builders.console import APPLICANT, FOCAL_POINT, OPERATOR, Desk, a_desk
from tests.interop.browser import Browser, executable

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIRST = (
    "/", "/calls", "/verify", "/me", "/cohorts", "/flow", "/flow/audit", "/mails", "/work-plans",
    "/nominations", "/signin", "/signin/staff", "/new", "/not-there",
)  # fmt: skip
ROLES = {"operator": OPERATOR, "applicant": APPLICANT, "focal_point": FOCAL_POINT, "nobody": None}
FEWEST_PAGES = {"operator": 17, "applicant": 14, "focal_point": 8, "nobody": 7}
WIDTHS = (1280, 320)

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NOT_PAGES = re.compile(
    r"\.ics|\.pdf|/document|/attachments/|/credential|/html$|/static/|/offline|sign-?out|language|did\.json"
)

pytestmark = pytest.mark.timeout(600)


def need(here: bool, lacks: str) -> None:
    if here:
        return
    said = f"NOT TESTED: the pages in a browser (this machine lacks {lacks})"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, Desk]]:
    desk = a_desk()
    world.fill(desk)
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", desk
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    need(executable() is not None, "Chromium")
    need(AXE.exists(), "axe-core: npm ci in tests/interop")
    browser = Browser(tmp_path_factory.mktemp("chromium"))
    browser.order("Page.setBypassCSP", enabled=True)  # axe is put into the page
    yield browser
    browser.close()


def sign_in(browser: Browser, desk: Desk, base: str, role: str, language: str) -> None:
    browser.order("Network.clearBrowserCookies")
    actor = ROLES[role]
    desk.browser(actor)
    cookies = {"rtcm_language": language}
    if actor is not None:
        cookies["rtcm_session"] = f"secret-of-{actor.actor_id}"
    for name, value in cookies.items():
        browser.order("Network.setCookie", name=name, value=value, url=base)


def wrong_with(browser: Browser) -> list[Any]:
    """What axe finds, and whether a reader would have to scroll sideways."""
    browser.evaluate(AXE.read_text("utf-8") + ";0")
    found: list[Any] = browser.evaluate(
        f"axe.run(document, {{runOnly: {RULES}}}).then(r => r.violations.map("
        "v => [v.id, v.nodes[0].html.slice(0, 200)]))"
    )
    if browser.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(["scrolls-sideways", browser.evaluate("document.documentElement.scrollWidth")])
    return found


@pytest.mark.parametrize("language", ["en", "az"])
@pytest.mark.parametrize("role", ROLES)
def test_pages_are_accessible_and_fit(
    address: tuple[str, Desk], browser: Browser, role: str, language: str
) -> None:
    base, desk = address
    sign_in(browser, desk, base, role, language)
    seen: dict[str, str] = {}
    wrong: dict[str, Any] = {}
    waiting = deque(FIRST)
    while waiting:
        path = waiting.popleft().split("#")[0]
        kind = re.sub(r"/verify/[^/]+", "/verify/CODE", ID.sub("ID", path.split("?")[0]))
        if not path or kind in seen or NOT_PAGES.search(path):
            continue
        seen[kind] = path
        for width in WIDTHS:
            browser.resize(width, 900)
            browser.open(base + path)
            if found := wrong_with(browser):
                wrong[f"{path} at {width}"] = found
        assert browser.evaluate("document.documentElement.lang") == language, path
        waiting.extend(
            browser.evaluate(
                "[...document.querySelectorAll('a[href^=\"/\"]')].map(a => a.getAttribute('href'))"
            )
        )

    assert wrong == {}
    assert len(seen) >= FEWEST_PAGES[role], sorted(seen)
