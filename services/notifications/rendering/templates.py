"""Templates: one file per message type and language, read once, rendered in a sandbox."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from chassis.errors import NotFound
from services.notifications.rendering.dates import FILTERS
from services.notifications.rendering.markup import to_html, to_text

TEMPLATES = Path(__file__).parent.parent / "templates"
LANGUAGES = ("az", "en")
"""Languages every template exists in; others fall back to the last."""

_GAPS = re.compile(r"\n{3,}")  # where a condition did not hold


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What a person sees of a message."""

    language_code: str
    subject: str
    text: str
    html: str


def language_for(wanted: str) -> str:
    """The language a message is written in."""
    primary = wanted.split("-", 1)[0].lower()
    return primary if primary in LANGUAGES else LANGUAGES[-1]


def render(type_code: str, language_code: str, values: Mapping[str, Any]) -> Rendered:
    """Fill a template.

    Args:
        values: what the template names; ``zone`` (IANA) is always needed.

    Raises:
        jinja2.UndefinedError: a value the template names is missing.
    """
    parts = _parts(type_code, language_code)
    given = {**values, "language": language_code}
    subject = " ".join(parts.subject.render(given).split())
    body = _GAPS.sub("\n\n", parts.text.render(given).strip())
    text = f"{body}\n\n-- \n{parts.footer_text.render(given)}\n"
    html = parts.layout.render(
        {
            **given,
            "subject": subject,
            "body": Markup(parts.html.render(given)),  # noqa: S704 -- escaped by its own environment
            "footer": Markup(parts.footer_html.render(given)),  # noqa: S704 -- as above
        }
    )
    return Rendered(language_code=language_code, subject=subject, text=text, html=html)


@dataclass(frozen=True, kw_only=True)
class _Parts:
    subject: Template
    text: Template
    html: Template
    footer_text: Template
    footer_html: Template
    layout: Template


@cache
def _parts(type_code: str, language_code: str) -> _Parts:
    head, _, body = _source(type_code, language_code).partition("\n\n")
    footer = _source("_footer", language_code)
    plain, escaping = _environment(escapes=False), _environment(escapes=True)
    return _Parts(
        subject=plain.from_string(head.removeprefix("Subject:").strip()),
        text=plain.from_string(to_text(body)),
        html=escaping.from_string(to_html(body)),
        footer_text=plain.from_string(to_text(footer).strip()),
        footer_html=escaping.from_string(to_html(footer)),
        layout=escaping.from_string((TEMPLATES / "layout.html").read_text(encoding="utf-8")),
    )


def _source(name: str, language_code: str) -> str:
    file = TEMPLATES / language_code / f"{name}.md"
    if language_code not in LANGUAGES or not file.is_file():
        raise NotFound("template.not_found", f"there is no template {name} in {language_code}")
    return file.read_text(encoding="utf-8")


def _environment(*, escapes: bool) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=escapes, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(FILTERS)
    return environment
