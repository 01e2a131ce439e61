from __future__ import annotations

import subprocess
import sys

import pytest

import instances

HEAVY = {"pydantic", "yaml", "pint", "pycountry", "pandas", "numpy"}


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("name", instances.__all__)
def test_every_public_name_is_there_under_its_own_name(name: str) -> None:
    assert getattr(instances, name).__name__ == name
    assert name in dir(instances)


def test_names_that_are_not_public_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'solve'"):
        _ = instances.solve  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert run(f"import sys, instances; print({HEAVY!r} & set(sys.modules))") == "set()"


@pytest.mark.parametrize("name", ["check", "parse", "read", "write"])
def test_a_function_is_found_though_a_module_has_its_name(name: str) -> None:
    code = (
        f"import instances.{name}, instances.catalog; print(instances.{name}.__class__.__name__)"
    )
    assert run(code) == "function"
    code = (
        f"from instances.{name} import {name}; import instances; print(instances.{name} is {name})"
    )
    assert run(code) == "True"
    code = f"import instances; instances.load; print(callable(instances.{name}))"
    assert run(code) == "True"
