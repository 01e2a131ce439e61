"""The solver's options as the command line gives them."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer import Options
from service.fields import read_fields


def options_from(given: Mapping[str, object]) -> Options:
    """Return the options that are ``given``, by field; ``None`` leaves the default.

    Raises
    ------
    InputError
        Values that do not fit, under the names of their flags.
    """
    stated = {name: value for name, value in given.items() if value is not None}
    return read_fields(Options, stated, lambda name: "--" + name.replace("_", "-"))
