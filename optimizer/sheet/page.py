"""The sheet as an HTML page that needs no other file."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from optimizer.sheet.words import head, sections, stopped

if TYPE_CHECKING:
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


def page(sheet: Sheet) -> str:
    """Return the page, with the sheet as JSON inside for programs to read."""
    title, *rest = head(sheet).splitlines()
    parts = [
        f"<h1>{escape(title)}</h1>",
        *(f"<p>{escape(line)}</p>" for line in rest),
        fragment(sheet),
    ]
    # the text of a script must not end it
    data = sheet.to_json().replace("<", "\\u003c")
    parts.append(f'<script type="application/json" id="sheet">{data}</script>')
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def fragment(sheet: Sheet) -> str:
    """Return the sections alone, to stand in another page."""
    parts = []
    for title, lines in sections(sheet):
        items = "".join(f"<li>{escape(line.strip())}</li>\n" for line in lines)
        parts.append(f"<section>\n<h2>{escape(title)}</h2>\n<ul>\n{items}</ul>\n</section>")
    if not sheet.complete:
        parts.append(f"<p>{stopped(sheet)}</p>")
    return "\n".join(parts)
