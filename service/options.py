"""What flags say, read as records: the solver's options, and what an analysis is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from optimizer import Options
from service.asks import Ask
from service.fields import read_fields

AnAsk = TypeVar("AnAsk", bound=Ask)


def options_from(given: Mapping[str, object]) -> Options:
    """Return the options that are ``given``, by field; ``None`` leaves the default.

    Raises
    ------
    InputError
        Values that do not fit, under the names of their flags.
    """
    return read_fields(Options, _stated(given), _flag)


def ask_from(kind: type[AnAsk], given: Mapping[str, object]) -> AnAsk:
    """Return what is asked of an analysis; parameters and errors as `options_from`."""
    return read_fields(kind, _stated(given), _flag)


def _stated(given: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in given.items() if value is not None}


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")
