"""Options: read from code or JSON, refused when they make no sense."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from optimizer import Options


def test_defaults_are_reproducible() -> None:
    options = Options()
    assert (options.threads, options.seed, options.time_limit) == (1, 0, None)
    assert options.gap == 1e-6
    assert options.tie_break
    assert not options.log


def test_they_are_read_from_json() -> None:
    assert Options.model_validate_json('{"time_limit": 5, "gap": 0.01}') == Options(
        time_limit=5.0, gap=0.01
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_limit": 0},
        {"time_limit": float("nan")},
        {"gap": -0.1},
        {"gap": 1.5},
        {"threads": 0},
        {"seed": -1},
        {"speed": 3},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate(wrong)


def test_they_are_frozen() -> None:
    options = Options()
    with pytest.raises(ValidationError):
        options.seed = 3
