"""Frames as plain rows for JSON: absent is null, never NaN."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of ``table`` as dictionaries of plain values."""
    columns = [str(column) for column in table.columns]
    values = [[_plain(value) for value in table[column].tolist()] for column in table.columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
