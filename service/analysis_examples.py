"""Analyses of the problem worked by hand, as the documentation of the API shows them.

A point of the cap is 1 t, which costs 10 USD in China and 30 USD in Australia: 20 USD a point.
"""

from __future__ import annotations

from typing import Any

from service.examples import LEAST_COST, TINY

SWEEP: dict[str, Any] = {"problem": TINY, "axes": ["rules[cn-cap].max_share=0.2:0.6:3"]}
SWEEP_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "name": "two-sellers",
        "state": "complete",
        "counts": {"optimal": 3},
        "axes": ["rules[cn-cap].max_share"],
        "points": [
            {"point": "0", "values": [0.2], "status": "optimal", "objective_usd": 2600.0},
            {"point": "1", "values": [0.4], "status": "optimal", "objective_usd": LEAST_COST},
            {"point": "2", "values": [0.6], "status": "optimal", "objective_usd": 1800.0},
        ],
    },
}

TORNADO: dict[str, Any] = {
    "problem": TINY,
    "axes": ["offers[cn-ga].price", "offers[au-ga].price"],
    "tornado": "10 %",
}
TORNADO_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "bars": [
            {"axis": "offers[au-ga].price*=", "low_change_usd": -180.0, "high_change_usd": 180.0},
            {"axis": "offers[cn-ga].price*=", "low_change_usd": -40.0, "high_change_usd": 40.0},
        ],
    },
}

FRONTIER: dict[str, Any] = {"problem": TINY, "rule": "cn-cap", "low": 0.2, "high": "60 %"}
FRONTIER_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "path": "rules[cn-cap].max_share",
        "unit": "fraction",
        "exact": True,
        "vertices": [
            {"value": 0.2, "objective_usd": 2600.0, "slope_usd_per_unit": -2000.0},
            {"value": 0.6, "objective_usd": 1800.0, "slope_usd_per_unit": None},
        ],
    },
}

ALTERNATIVES: dict[str, Any] = {"problem": TINY, "margin": "5 %", "count": 2}
ALTERNATIVES_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "least_cost_usd": LEAST_COST,
        "ranges": [
            {"country": "CHN", "now_t": 40.0, "least_t": 34.5, "greatest_t": 40.0},
            {"country": "AUS", "now_t": 60.0, "least_t": 60.0, "greatest_t": 65.5},
        ],
    },
}

EXPLAIN: dict[str, Any] = {"problem": TINY, "edits": ["offers[au-ga].capacity=50"]}
EXPLAIN_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "about": "infeasible",
        "because": ["China may supply at most 40 % of gallium demand in 2026 (cn-cap)"],
        "remedies": [
            {
                "edits": ["rules[cn-cap].max_share=0.5"],
                "cost_usd": 2000.0,
                "sentence": "China may supply at most 50 % of gallium demand (cn-cap)",
            },
            {"edits": ["offers[au-ga].capacity=60.0"], "cost_usd": 2200.0},
        ],
    },
}

WHY: dict[str, Any] = {"problem": TINY, "why": "cn-ga"}
WHY_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "table": "offers",
        "id": "cn-ga",
        "used": True,
        "amounts": {"2026": 40.0},
        "landed_usd": 10.0,
        "accounts_usd": {"purchase": 10.0},
        "marginal_usd": 30.0,
        "limits": [{"table": "rules", "id": "cn-cap", "usd": 20.0}],
        "threshold": {"change_usd": 20.0, "checked": True},
        "dual_kind": "lp",
    },
}
"""Australia has room for all 100 t at 30 USD: at 20 USD more China is as dear."""

EVIDENCE: dict[str, Any] = {
    "problem": {
        **TINY,
        "rules": [{**TINY["rules"][0], "assumption": {"max_share": "The planner's choice."}}],
    },
    "assumptions": True,
}
EVIDENCE_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "cost_usd": LEAST_COST,
        "assumed_cost": 0.0,
        "influences": [
            {
                "where": "rules[cn-cap].max_share",
                "reason": "The planner's choice.",
                "up_usd": -80.0,
                "down_usd": 80.0,
            },
        ],
    },
}
"""A tenth of the cap of 40 % is 4 t, at 20 USD each."""

COMPARE: dict[str, Any] = {
    "problem": TINY,
    "changes": ["rules[cn-cap].max_share=0.5", "offers[au-ga].price=40"],
}
COMPARE_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "before_usd": LEAST_COST,
        "after_usd": 2500.0,
        "causes": [
            {"cause": "price", "ordered_usd": 600.0, "shapley_usd": 550.0},
            {"cause": "cap", "ordered_usd": -300.0, "shapley_usd": -250.0},
        ],
    },
}
"""The price adds 600 USD before the cap and 500 after it, the cap -300 and -200."""

WORTH: dict[str, Any] = {"instance": "farmer", "reference": "fair"}
WORTH_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "reference": "scenario fair",
        "recourse_usd": -108390.0,
        "mean_plan_usd": -107240.0,
        "vss_usd": 1150.0,
        "flips": [],
    },
}
"""Birge and Louveaux, section 1.1: a profit is a cost below zero."""

STRESS: dict[str, Any] = {
    "problem": TINY,
    "edits": ["offers[au-ga].capacity=70"],
    "who": ["CHN"],
}
STRESS_ANSWER: dict[str, Any] = {
    "status": {"state": "complete"},
    "result": {
        "counts": {"optimal": 1},
        "cases": [
            {
                "who": "CHN",
                "onset": "2026-01-01",
                "length": "1 yr",
                "commodity": "gallium",
                "demand_class": "civil",
                "needed_t": 100.0,
                "unmet_t": 30.0,
                "met": 0.7,
                "first_unmet": "2026-01-01",
                "extra_cost_usd": -100.0,
            }
        ],
        "matrix": {"onsets": ["2026-01-01"], "met": {"CHN": [0.7]}},
    },
}
"""Australia sells 70 t at 30 USD, 2,100 in place of 2,200 USD, and 30 t go unmet."""
