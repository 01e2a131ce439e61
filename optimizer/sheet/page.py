"""The sheet in words as plain data, and as an HTML page that needs no other file."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from optimizer.sheet.words import head, sections, stopped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.sheet.sheet import Sheet

STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
h1 { font-size: 1.3rem; margin: 0; }
h2 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
ul { margin: 0; padding-left: 1.2rem; }
li { margin: .15rem 0; }
@media print { body { font-size: 10.5px; margin: 0; } }
"""


def told(sheet: Sheet) -> dict[str, Any]:
    """Return what the sheet says: ``head``, ``sections`` (title, lines) and what cut it short.

    What cut it short is the second line of the head too.
    """
    return {
        "head": head(sheet),
        "sections": [
            {"title": title, "lines": [line.strip() for line in lines]}
            for title, lines in sections(sheet)
        ],
        "stopped": None if sheet.complete else stopped(sheet),
    }


def text_of(words: Mapping[str, Any]) -> str:
    """Return what `told` gives as text for a terminal."""
    lines = list(words["head"])
    for section in words["sections"]:
        lines += ["", section["title"], *(f"  {line}" for line in section["lines"])]
    return "\n".join(lines)


def page(sheet: Sheet) -> str:
    """Return the page, with the sheet as JSON inside for programs to read."""
    # the text of a script must not end it
    data = sheet.to_json().replace("<", "\\u003c")
    return page_of(told(sheet), f'<script type="application/json" id="sheet">{data}</script>')


def page_of(words: Mapping[str, Any], more: str = "") -> str:
    """Return the page that says what `told` gives.

    Parameters
    ----------
    more
        HTML that follows.
    """
    title, *rest = words["head"]
    parts = [
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in rest),
        _fragment(words),
        *([more] if more else []),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _fragment(words: Mapping[str, Any]) -> str:
    """Return the sections that `told` gives."""
    parts = []
    for section in words["sections"]:
        items = "".join(f"<li>{escape(line)}</li>\n" for line in section["lines"])
        parts.append(
            f"<section>\n<h2>{escape(section['title'])}</h2>\n<ul>\n{items}</ul>\n</section>"
        )
    return "\n".join(parts)
