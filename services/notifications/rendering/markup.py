"""The simple markup of templates, into text and into HTML.

A template is turned into HTML *before* values are put in, so a value is never read as markup: a
person called ``[x](http://...)`` stays a person of that name.

Markup: paragraphs divided by empty lines, ``- `` list items, ``**strong**``, ``[label](address)``
(alone in its paragraph: a button). Jinja's ``{{ }}`` and ``{% %}`` pass through; a paragraph of
``{% %}`` lines alone becomes no paragraph.
"""

from __future__ import annotations

import re
from html import escape

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_HELD = re.compile(r"\x00(\d+)\x00")


def to_text(source: str) -> str:
    """A template of plain text."""
    shielded, held = _shield(source)
    shielded = _STRONG.sub(r"\1", shielded)
    shielded = _LINK.sub(lambda found: f"{found[1]}:\n{found[2]}", shielded)
    return _unshield(shielded, held)


def to_html(source: str) -> str:
    """A template of HTML, for an environment with autoescape."""
    shielded, held = _shield(source)
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", shielded) if part.strip()]
    return _unshield("\n".join(_block(part, held) for part in paragraphs), held)


def _block(paragraph: str, held: list[str]) -> str:
    lines = paragraph.splitlines()
    if all(_is_statement(line, held) for line in lines):
        return paragraph
    if any(line.startswith("- ") for line in lines):
        return "<ul>\n" + "\n".join(_item(line, held) for line in lines) + "\n</ul>"
    if found := _LINK.fullmatch(paragraph):
        return f'<p class="action"><a href="{found[2]}">{_inline(found[1])}</a></p>'
    return "<p>" + "<br>\n".join(_inline(line) for line in lines) + "</p>"


def _item(line: str, held: list[str]) -> str:
    if _is_statement(line, held):
        return line
    return f"<li>{_inline(line.removeprefix('- '))}</li>"


def _inline(text: str) -> str:
    text = _STRONG.sub(r"<strong>\1</strong>", escape(text, quote=False))
    return _LINK.sub(r'<a href="\2">\1</a>', text)


def _is_statement(line: str, held: list[str]) -> bool:
    found = _HELD.findall(line)
    return (
        bool(found)
        and not _HELD.sub("", line).strip()
        and all(held[int(number)].startswith("{%") for number in found)
    )


def _shield(source: str) -> tuple[str, list[str]]:
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"\x00{len(held) - 1}\x00"

    return _JINJA.sub(hold, source), held


def _unshield(shielded: str, held: list[str]) -> str:
    return _HELD.sub(lambda found: held[int(found[1])], shielded)
