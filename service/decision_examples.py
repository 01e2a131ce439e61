"""Decision analyses of the problem worked by hand, as the documentation of the API shows them.

100 t are needed: at most 40 t come from China at 10 USD a tonne, the rest from Australia at 30.
"""

from __future__ import annotations

from typing import Any

from service.examples import LEAST_COST, TINY

SHEET: dict[str, Any] = {"problem": TINY}
SHEET_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "status": {"stop": "finished", "point": "optimal"},
        "cost_usd": LEAST_COST,
        "shortfalls": [],
        "suppliers": [
            {"commodity": "gallium", "country": "AUS", "tonnes": 60.0, "share": 0.6},
            {"commodity": "gallium", "country": "CHN", "tonnes": 40.0, "share": 0.4},
        ],
        "binds": [{"rule": "cn-cap", "whole_usd": 1200.0, "price_usd": 2000.0}],
        "absent": {"shortfalls": "every demand is met in full"},
    },
}
"""Without the cap all 100 t come from China: 1,000 USD, 1,200 less."""

PARTNERS: dict[str, Any] = {"problem": TINY, "of": ["CHN"], "coalitions": True}
PARTNERS_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "cost_usd": LEAST_COST,
        "losses": [{"partners": ["CHN"], "held": "optimal", "dearer_usd": 800.0}],
        "coalitions": [
            {"size": 0, "members": [], "cost_usd": 3000.0, "adequate": True},
            {"size": 1, "members": ["CHN"], "cost_usd": LEAST_COST, "adequate": True},
        ],
    },
}
"""Without China Australia sells all 100 t: 3,000 USD."""

PURSE: dict[str, Any] = {
    "problem": TINY,
    "edits": ["demand[us-ga].shortfall_cost=1000"],
    "budgets": ["1300 USD"],
    "goals": ["unmet"],
}
PURSE_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "bought": [{"budget_usd": 1300.0, "goal": "unmet", "spent_usd": 1300.0, "unmet": 0.3}],
    },
}
"""40 t for 400 USD and 30 t for 900 USD: 30 of 100 t stay unmet."""

INSTRUMENTS: dict[str, Any] = {
    "problem": {
        **TINY,
        "stockpiles": [{"id": "vault", "commodity": "gallium", "country": "USA"}],
        "rules": [
            *TINY["rules"],
            {"id": "hold", "kind": "stock_target", "stockpile": "vault", "tonnes": 0},
        ],
    },
    "outlay": "300 USD",
    "turn": ["rules[hold].tonnes=0,20"],
}
INSTRUMENTS_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "outlay_usd": 300.0,
        "base": {"cost_usd": LEAST_COST},
        "effects": [
            {
                "kind": "stockpile",
                "purse": "buyer",
                "amount": 10.0,
                "cover_d": {"gallium": 36.5},
                "reason": None,
            }
        ],
    },
}
"""The cap is 40 t, so that what is stored comes from Australia: 10 t at 30 USD, for 36.5 days."""
