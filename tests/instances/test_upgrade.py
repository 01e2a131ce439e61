from __future__ import annotations

from typing import Any

import pytest

from instances.errors import InputError
from instances.upgrade import upgrade


@pytest.mark.parametrize("data", [{"name": "x"}, {"name": "x", "schema": 1}])
def test_data_without_a_version_are_of_version_1(data: dict[str, Any]) -> None:
    before = dict(data)
    assert upgrade(data) == {"name": "x", "schema": 1}
    assert data == before


@pytest.mark.parametrize(
    ("version", "what"),
    [
        (2, "is a later version"),
        (10**400, "is a later version"),
        (0, "is not a version"),
        (-1, "is not a version"),
        ("1", "is not a version"),
        (1.0, "is not a version"),
        (True, "is not a version"),
        (None, "is not a version"),
    ],
)
def test_what_is_no_version_or_a_later_one_is_refused(version: object, what: str) -> None:
    with pytest.raises(InputError) as caught:
        upgrade({"schema": version})
    (finding,) = caught.value.findings
    assert finding.where == "schema"
    assert what in finding.what
    assert finding.remedy is not None
