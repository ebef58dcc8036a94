"""What can be set and what can go wrong stands in the reference."""

from __future__ import annotations

from chassis.settings import SERVICES
from rtcm.error_codes import ErrorCode, declared_codes, raised_codes
from rtcm.reference import pages, settings_of
from tests.architecture.tree import ROOT


def test_every_page_says_what_the_code_says():
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `python -m rtcm.reference`"


def test_every_setting_is_in_the_reference():
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    names = {one.name for service in SERVICES for one in settings_of(service)}
    assert len(names) > 20
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_every_code_a_route_declares_is_made_somewhere():
    raised = raised_codes(ROOT)
    nowhere = {
        code: modules
        for code, modules in declared_codes(ROOT).items()
        if not any(one.covers(code) for one in raised)
    }
    assert nowhere == {}


def test_a_code_always_has_the_same_status():
    statuses: dict[str, set[int]] = {}
    for one in raised_codes(ROOT):
        if one.status:
            statuses.setdefault(one.code, set()).add(one.status)
    differing = {code: found for code, found in statuses.items() if len(found) > 1}
    # The media type is wrong, or what was sent under it.
    assert differing == {"body.not_json": {400, 415}}


def test_a_gap_in_a_code_covers_one_word():
    one = ErrorCode("….not_found", 404, "", "")
    assert one.covers("cohort.not_found")
    assert not one.covers("cohort.not_found_yet")
    assert not one.covers("a.cohort.not_found")
