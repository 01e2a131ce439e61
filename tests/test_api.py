"""Public names: what a package lists is there, is described, and is all there is."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

PACKAGES = ("instances", "models", "optimizer")


def _public(package: str) -> dict[str, Any]:
    """Return the names of a package that it defines itself, but for its modules."""
    module = import_module(package)
    found = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
    return {
        name: item
        for name, item in found.items()
        if not inspect.ismodule(item)
        and str(getattr(item, "__module__", "")).partition(".")[0] == package
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_the_list_of_public_names_is_what_there_is(package: str) -> None:
    listed = import_module(package).__all__
    assert sorted(_public(package)) == sorted(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_described(package: str) -> None:
    assert [name for name, item in _public(package).items() if not inspect.getdoc(item)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_function_describes_its_parameters_types(package: str) -> None:
    for name, item in _public(package).items():
        if inspect.isfunction(item):
            signature = inspect.signature(item)
            untyped = [
                parameter.name
                for parameter in signature.parameters.values()
                if parameter.annotation is inspect.Parameter.empty
            ]
            assert untyped == [], name
            assert signature.return_annotation is not inspect.Signature.empty, name


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(AttributeError, match="solv"):
        _ = import_module("optimizer").solv
    with pytest.raises(AttributeError, match="laod"):
        _ = import_module("instances").laod


def test_a_shipped_problem_is_loaded_and_solved_in_two_lines() -> None:
    from instances import instance_names, load
    from optimizer import Result, solve

    assert "dantzig" in instance_names()
    assert isinstance(solve(load("dantzig")), Result)
