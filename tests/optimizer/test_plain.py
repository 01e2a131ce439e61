"""Plain rows: what JSON can hold, and nothing else."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from optimizer.plain import rows


def test_absent_is_null_and_numbers_are_plain() -> None:
    table = pd.DataFrame(
        {
            "node": ["2026", "2027"],
            "share": [np.nan, 0.5],
            "count": np.array([1, 2], dtype=np.int64),
            "binds": [True, False],
            "reason": [None, "whole"],
        }
    )
    plain = rows(table)
    assert plain == [
        {"node": "2026", "share": None, "count": 1, "binds": True, "reason": None},
        {"node": "2027", "share": 0.5, "count": 2, "binds": False, "reason": "whole"},
    ]
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_infinite_is_null_too() -> None:
    assert rows(pd.DataFrame({"gap": [np.inf, -np.inf]})) == [{"gap": None}, {"gap": None}]


def test_no_rows_are_no_rows() -> None:
    assert rows(pd.DataFrame({"node": []})) == []
