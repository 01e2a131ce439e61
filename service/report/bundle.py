"""The page's modules as one script: browsers load no modules from a file on disk.

Every module becomes a function of its own, called once, in an order in which each comes after
those that it imports from. Only the forms of import and export that the page uses are known;
anything else is refused, and so is a name that nobody exports.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_IMPORT = re.compile(
    r"^import (?:\{ (?P<names>[^}]+) \}|\* as (?P<whole>\w+)) from '(?P<path>[^']+)';$", re.M
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (?P<name>\w+))", re.M)
_LIST = re.compile(r"\bexport\s*\{(?P<names>[^{}]*)\};?\s*\Z")
_LEFT = re.compile(r"^\s*(?:import|export)\b", re.M)


@dataclass(frozen=True, slots=True)
class _Module:
    """A module: its text without imports and exports, what it needs and what it gives.

    Parameters
    ----------
    body
        The statements, each import as constants.
    needs
        Names asked for, by path; none where the whole is.
    gives
        Name outside to name inside.
    """

    body: str
    needs: Mapping[str, tuple[str, ...]]
    gives: Mapping[str, str]


def bundle(entry: str, read: Callable[[str], str], instead: Mapping[str, str]) -> str:
    """Return a script that does what the module ``entry`` does.

    Parameters
    ----------
    entry
        Path of a module.
    read
        Returns the text of a module.
    instead
        Modules that stand in for others, by path.

    Raises
    ------
    ValueError
        A module imports or exports in a way that is not known, or a name that is not there, or
        modules import from each other in a circle.
    """
    modules: dict[str, _Module] = {}
    begun: set[str] = set()

    def visit(path: str) -> None:
        if path in modules:
            return
        if path in begun:
            raise ValueError(f"{path} imports from itself, by way of others")
        begun.add(path)
        module = _module(path, read(path), instead)
        for needed, names in module.needs.items():
            visit(needed)
            missing = sorted(set(names) - modules[needed].gives.keys())
            if missing:
                raise ValueError(f"{path} imports {missing}, which {needed} does not export")
        modules[path] = module

    visit(entry)
    parts = [f'modules["{path}"] = {_called(module)};' for path, module in modules.items()]
    return "\n".join(['"use strict";', "(() => {", "const modules = {};", *parts, "})();", ""])


def _module(path: str, text: str, instead: Mapping[str, str]) -> _Module:
    needs: dict[str, tuple[str, ...]] = {}
    gives: dict[str, str] = {}

    def taken(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), found["path"]))
        target = instead.get(target, target)
        if found["whole"]:
            needs.setdefault(target, ())
            return f'const {found["whole"]} = modules["{target}"];'
        pairs = [_renamed(item) for item in found["names"].split(",")]
        needs[target] = (*needs.get(target, ()), *(outside for outside, _ in pairs))
        inside = ", ".join(a if a == b else f"{a}: {b}" for a, b in pairs)
        return f'const {{ {inside} }} = modules["{target}"];'

    def given(found: re.Match[str]) -> str:
        gives[found["name"]] = found["name"]
        return ""

    body = _EXPORT.sub(given, _IMPORT.sub(taken, text))
    listed = _LIST.search(body)
    if listed is not None:
        for item in listed["names"].split(","):
            inside, outside = _renamed(item)
            gives[outside] = inside
        body = body[: listed.start()]
    left = _LEFT.search(body)
    if left is not None:
        line = body[left.start() :].strip().splitlines()[0]
        raise ValueError(f"{path} has a form that is not known: {line[:80]}")
    return _Module(body, needs, gives)


def _renamed(item: str) -> tuple[str, str]:
    first, _, second = item.strip().partition(" as ")
    return first, second or first


def _called(module: _Module) -> str:
    outward = ", ".join(a if a == b else f"{a}: {b}" for a, b in module.gives.items())
    return f"(() => {{\n{module.body}\nreturn {{ {outward} }};\n}})()"
