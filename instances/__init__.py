"""Sourcing problems: schema, reading and writing, edits, shipped data, plans and the referee.

A name is loaded when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from instances.catalog import (
        Assumption,
        Description,
        assumptions,
        describe,
        described,
        instance_names,
        load,
    )
    from instances.check import Verdict, check
    from instances.edit import Edit, apply, parse_edit
    from instances.errors import (
        CheckFailed,
        Finding,
        InputError,
        NoPlan,
        ReadError,
        SolveError,
        SolverFailed,
        SourcingError,
        UnknownInstance,
    )
    from instances.parse import parse
    from instances.plan import Plan
    from instances.problem import Problem
    from instances.read import read, read_text
    from instances.schema import json_schema
    from instances.write import dump, write

__all__ = [
    "Assumption",
    "CheckFailed",
    "Description",
    "Edit",
    "Finding",
    "InputError",
    "NoPlan",
    "Plan",
    "Problem",
    "ReadError",
    "SolveError",
    "SolverFailed",
    "SourcingError",
    "UnknownInstance",
    "Verdict",
    "apply",
    "assumptions",
    "check",
    "describe",
    "described",
    "dump",
    "instance_names",
    "json_schema",
    "load",
    "parse",
    "parse_edit",
    "read",
    "read_text",
    "write",
]

_HOMES = {
    "Assumption": "catalog",
    "Description": "catalog",
    "assumptions": "catalog",
    "describe": "catalog",
    "described": "catalog",
    "instance_names": "catalog",
    "load": "catalog",
    "Verdict": "check",
    "check": "check",
    "Edit": "edit",
    "apply": "edit",
    "parse_edit": "edit",
    "CheckFailed": "errors",
    "Finding": "errors",
    "InputError": "errors",
    "NoPlan": "errors",
    "ReadError": "errors",
    "SolveError": "errors",
    "SolverFailed": "errors",
    "SourcingError": "errors",
    "UnknownInstance": "errors",
    "parse": "parse",
    "Plan": "plan",
    "Problem": "problem",
    "read": "read",
    "read_text": "read",
    "json_schema": "schema",
    "dump": "write",
    "write": "write",
}
"""The module that each public name lives in."""


if not TYPE_CHECKING:
    # type checkers know the names from the imports above, and so can tell a wrong one

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps the public names free of the modules that are called the same.

    Importing ``instances.parse`` binds that module to ``parse`` in the package, where people look
    for the function.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
