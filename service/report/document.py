"""The report: one HTML file that shows a result without a network, from the page's own charts."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from service.geometry import geometry
from service.report.bundle import bundle

if TYPE_CHECKING:
    from collections.abc import Mapping

ENTRY = "js/report.js"
OFFLINE = {"js/api.js": "js/offline.js"}
"""Where the page asks a server, the report looks into itself."""
DATA = ("places.json", "world.json")
DATA_MARK, SCRIPT_MARK = "<!-- data -->", "<script></script>"
_TITLED = re.compile(r"\{title\}|\{name\}")
LONGEST_NAME = 80
SHORT = 8
"""Signs of a hash that stand in the name of a file."""
MEDIA_TYPE = "text/html; charset=utf-8"


def document(
    envelope: str,
    name: str,
    view: Mapping[str, Any] | None = None,
    asked: Mapping[str, Any] | None = None,
    found: Mapping[str, Any] | None = None,
) -> str:
    """Return the report of a result.

    Parameters
    ----------
    envelope
        The answer of a solve as JSON text, as the API gives it: ``result`` and, if it was
        explained, ``result.explanation``; ``words`` is shown as it stands.
    name
        What the problem is called.
    view
        What is shown first: ``good``, ``branch``, ``year``.
    asked
        What is known of the order: ``instance``, ``file``, ``edits``, ``job``, ``label``,
        ``solved``; the report says what was changed, and when it was solved. Without ``edits``
        it is not known whether anything was. ``shipped``: as `against_shipped` of what was solved.
    found
        What other jobs found of the same problem, by kind: ``stress``.
    """
    script, style = _script(), _page("page.css") + _page("report.css")
    policy = (
        f"default-src 'none'; script-src 'sha256-{_digest(script)}'; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    blocks = {"answer.json": envelope}
    for path, told in (("view", view), ("asked", asked), ("found", found)):
        blocks[f"{path}.json"] = json.dumps(dict(told or {}))
    blocks |= {f"data/{name}": _geometry(name) for name in DATA}
    held = "\n".join(
        f'<script type="application/json" data-path="/page/{path}">{safe_json(text)}</script>'
        for path, text in blocks.items()
    )
    head, tail = _page("report.html").split(DATA_MARK)
    head = head.replace("{policy}", policy).replace("/* style */", style)
    # the names last and at once: what they say is not looked into
    title = called(name, asked or {})
    head = _TITLED.sub(lambda mark: html.escape(title if mark[0] == "{title}" else name), head)
    return head + held + tail.replace(SCRIPT_MARK, f"<script>{script}</script>")


def safe_json(text: str) -> str:
    """Return JSON text that cannot end the element it stands in: ``<`` is inside strings only."""
    return text.replace("<", "\\u003c")


def called(name: str, asked: Mapping[str, Any]) -> str:
    """Return what a run is called: the problem's name, that it is another one, what was changed.

    ``asked`` as in `document`.
    """
    if _is_other(asked):
        name += f", not as it ships ({asked.get('file') or 'given in full'})"
    return ", ".join([name, *(asked.get("edits") or ())])


def _is_other(asked: Mapping[str, Any]) -> bool:
    """Return whether a problem bears the name of a shipped one that it was not made of."""
    shipped = asked.get("shipped")
    return shipped is not None and not shipped["same"] and asked.get("instance") is None


def short_name(name: str, asked: Mapping[str, Any], inputs_hash: str) -> str:
    """Return what the file of a run's report is called, without its ending.

    A problem as it ships, or as it was given, has its name alone; else a count of what was
    changed, or that it is not as it ships, and the first signs of the hash tell it from others.
    ``asked`` as in `document`.
    """
    count = len(asked.get("edits") or ())
    marks = ["not-as-it-ships"] if _is_other(asked) else []
    marks += [f"{count}-change{'' if count == 1 else 's'}"] if count else []
    return file_name("-".join([name, *marks, inputs_hash[:SHORT]] if marks else [name]))


def file_name(name: str) -> str:
    """Return the name of a report's file: letters, digits, dots and dashes of ``name``.

    One that is cut short ends with a part of its SHA-256, so that two of them stay apart.
    """
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", name).strip("-.") or "report"
    if len(plain) <= LONGEST_NAME:
        return plain
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{plain[: LONGEST_NAME - 9].rstrip('-.')}-{mark}"


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@lru_cache(maxsize=8)
def _page(path: str) -> str:
    return files("service").joinpath("page", *path.split("/")).read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _geometry(name: str) -> str:
    return geometry().joinpath(name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _script() -> str:
    script = bundle(ENTRY, _page, OFFLINE)
    # inside a string, a template or a pattern the backslash changes nothing
    return script.replace("</script", r"<\/script")
