"""Every template in every language, with every trap we know of."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from chassis.errors import NotFound
from services.notifications.domain.message_types import MESSAGE_TYPES
from services.notifications.rendering.markup import to_html, to_text
from services.notifications.rendering.samples import preview, sample_values
from services.notifications.rendering.templates import (
    LANGUAGES,
    TEMPLATES,
    language_for,
    render,
)

EVERY = [(code, language) for code in MESSAGE_TYPES for language in LANGUAGES]


class Strict(HTMLParser):
    """Refuses tags that do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(("type_code", "language"), EVERY)
def test_template_renders_in_its_language(type_code, language):
    shown = preview(type_code, language)
    parser = Strict()
    parser.feed(shown.html)
    parser.close()

    assert parser.open == []
    assert f'<html lang="{language}"' in shown.html
    assert shown.subject and "\n" not in shown.subject
    for text in (shown.subject, shown.text, shown.html):
        assert not re.search(r"\{\{|\{%|\bNone\b|\*\*|\x00", text)
    assert "\n\n\n" not in shown.text
    assert sample_values(language)["name"] in shown.text
    assert "Asia/Baku" not in shown.text  # people get the zone's name


def test_there_is_no_template_without_a_type_and_no_language_lacks_one():
    for language in LANGUAGES:
        files = {file.stem for file in (TEMPLATES / language).glob("*.md")}
        assert files == {*MESSAGE_TYPES, "_footer"}


def test_no_suffix_is_glued_to_a_value():
    for file in TEMPLATES.glob("*/*.md"):
        assert not re.search(r"\}\}[\w’'-]", file.read_text(encoding="utf-8")), file


def test_times_are_written_in_the_language_and_zone():
    assert (
        "şənbə, 9 yanvar 2021, 10:00 (Azərbaycan Standart Vaxtı)"
        in preview("interview_booked", "az").text
    )
    assert (
        "Saturday, 9 January 2021, 10:00 (Azerbaijan Standard Time)"
        in preview("interview_booked", "en").text
    )


def test_value_is_never_markup():
    values = {**sample_values("en"), "name": "[x](http://evil.example) **b** <b>{{ 7*7 }}</b>"}
    shown = render("offer_made", "en", values)

    assert 'href="http://evil.example"' not in shown.html
    assert "<b>" not in shown.html
    assert "&lt;b&gt;" in shown.html
    assert "{{ 7*7 }}" in shown.text  # a value is not a template either


def test_subject_is_one_line_whatever_a_title_holds():
    values = {**sample_values("en"), "cohort": "School\r\nBcc: all@example.org"}
    assert "\n" not in render("offer_made", "en", values).subject


def test_missing_value_is_an_error_and_not_a_gap():
    values = sample_values("en")
    del values["answer_by"]
    with pytest.raises(UndefinedError):
        render("offer_made", "en", values)


@pytest.mark.parametrize(
    ("wanted", "written"), [("az", "az"), ("az-AZ", "az"), ("EN", "en"), ("ka", "en"), ("", "en")]
)
def test_language_falls_back(wanted, written):
    assert language_for(wanted) == written


@pytest.mark.parametrize(("type_code", "language"), [("offer_made", "../az"), ("nothing", "az")])
def test_unknown_template_is_not_found(type_code, language):
    with pytest.raises(NotFound):
        preview(type_code, language)


def test_markup_becomes_text_and_html():
    source = (
        "A **b** < c\nline\n\n- [one]({{ u }})\n- two\n\n[Go]({{ u }})\n\n"
        "{% if x %}\n\np\n\n{% endif %}"
    )
    assert to_html(source) == (
        "<p>A <strong>b</strong> &lt; c<br>\nline</p>\n"
        '<ul>\n<li><a href="{{ u }}">one</a></li>\n<li>two</li>\n</ul>\n'
        '<p class="action"><a href="{{ u }}">Go</a></p>\n'
        "{% if x %}\n<p>p</p>\n{% endif %}"
    )
    assert to_text("**b** [Go]({{ u }})") == "b Go:\n{{ u }}"
