"""A problem worked by hand: the server's self-test, and the examples of its documentation."""

from __future__ import annotations

from typing import Any

TINY: dict[str, Any] = {
    "schema": 1,
    "name": "two-sellers",
    "about": "100 t in one year from two sellers; the cheap one may supply at most 40 %.",
    "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
    "commodities": [{"id": "gallium", "stage": "metal", "basis": "contained Ga"}],
    "offers": [
        {
            "id": "cn-ga",
            "supplier": "China primary",
            "country": "CHN",
            "commodity": "gallium",
            "price": 10,
        },
        {
            "id": "au-ga",
            "supplier": "Wagerup",
            "country": "AUS",
            "commodity": "gallium",
            "price": 30,
        },
    ],
    "demand": [{"id": "us-ga", "commodity": "gallium", "country": "USA", "quantity": "100 t/yr"}],
    "rules": [
        {
            "id": "cn-cap",
            "kind": "share_cap",
            "of": "CHN",
            "commodity": "gallium",
            "max_share": "40 %",
            "denominator": "demand",
        }
    ],
}

LEAST_COST = 2200.0
"""USD: 40 t at 10 USD/t and 60 t at 30 USD/t."""

SOLVE_PROBLEM: dict[str, Any] = {"problem": TINY, "options": {"time_limit": 10}}
SOLVE_INSTANCE: dict[str, Any] = {
    "instance": "gallium-usa",
    "edits": ["demand[*].quantity*=1.1"],
    "options": {"gap": 1e-4},
}
MISTAKEN: dict[str, Any] = {"problem": TINY, "edits": ["rules[cn-cup].max_share=0.3"]}

SOLVE_ANSWER: dict[str, Any] = {
    "status": {"stop": "finished", "point": "optimal"},
    "result": {
        "schema": 1,
        "name": "two-sellers",
        "status": {"stop": "finished", "point": "optimal"},
        "objective_usd": LEAST_COST,
        "bound_usd": LEAST_COST,
        "gap": 0.0,
        "perspective": "buyer",
        "broken": [],
        "warnings": [],
        "tables": {
            "purchases": [
                {
                    "node": "2026",
                    "offer": "cn-ga",
                    "tranche": 0,
                    "supplier": "China primary",
                    "country": "CHN",
                    "commodity": "gallium",
                    "bought_t": 40.0,
                    "price_usd_per_t": 10.0,
                    "cost_usd": 400.0,
                },
                {
                    "node": "2026",
                    "offer": "au-ga",
                    "tranche": 0,
                    "supplier": "Wagerup",
                    "country": "AUS",
                    "commodity": "gallium",
                    "bought_t": 60.0,
                    "price_usd_per_t": 30.0,
                    "cost_usd": 1800.0,
                },
            ],
        },
    },
}
SOLVE_IMPOSSIBLE: dict[str, Any] = {
    "problem": TINY,
    "edits": ["offers[au-ga].capacity=50"],
    "diagnose": "when_detected",
}
SOLVE_IMPOSSIBLE_ANSWER: dict[str, Any] = {
    "status": {"stop": "finished", "point": "infeasible"},
    "result": {
        "objective_usd": None,
        "plan": None,
        "explanation": {
            "about": "infeasible",
            "remedies": [
                {"edits": ["rules[cn-cap].max_share=0.5"], "cost_usd": 2000.0},
                {"edits": ["offers[au-ga].capacity=60.0"], "cost_usd": 2200.0},
            ],
        },
    },
}
"""40 t from China and 50 t from Australia are 10 t too few."""
SOLVE_INSTANCE_ANSWER: dict[str, Any] = {
    "status": {"stop": "finished", "point": "optimal"},
    "result": {"schema": 1, "name": "gallium-usa", "broken": []},
}
MISTAKEN_ANSWER: dict[str, Any] = {
    "valid": False,
    "findings": [{"where": "rules[cn-cup].max_share", "nearest": "cn-cap"}],
}
VALID_ANSWER: dict[str, Any] = {
    "valid": True,
    "findings": [],
    "name": "two-sellers",
    "counts": {"commodities": 1, "offers": 2, "demand": 1, "rules": 1},
    "rules": ["China may supply at most 40 % of gallium demand"],
    "levers": [
        {"path": "rules[cn-cap].max_share", "unit": "fraction", "now": 0.4},
        {"path": "demand[*].quantity*", "factor": True, "now": 1.0},
    ],
}
READ_FILES: dict[str, Any] = {
    "files": {
        "two-sellers/manifest.yaml": "name: two-sellers\n"
        "periods: {start: 2026-01-01, count: 1, length: 1 yr}\n",
        "two-sellers/commodities.csv": "id,stage,basis\ngallium,metal,contained Ga\n",
        "two-sellers/offers.csv": "id,supplier,country,commodity,price [USD/t]\n"
        "cn-ga,China primary,CHN,gallium,10\nau-ga,Wagerup,AUS,gallium,30\n",
        "two-sellers/demand.csv": "id,commodity,country,quantity\nus-ga,gallium,USA,100 t/yr\n",
    }
}
READ_ANSWER: dict[str, Any] = {
    "name": "two-sellers",
    "counts": {"commodities": 1, "offers": 2, "demand": 1},
    "rules": [],
    "levers": [{"path": "demand[*].quantity*", "factor": True, "now": 1.0}],
    "problem": {"schema": 1, "name": "two-sellers"},
    "note": None,
}
INSTANCES_ANSWER: dict[str, Any] = {
    "instances": [{"name": "aluminum-usa"}, {"name": "antimony-usa"}]
}
INSTANCE_ANSWER: dict[str, Any] = {
    "name": "gallium-usa",
    "start": "2026-01-01",
    "end": "2031-01-01",
    "periods": 5,
    "problem": {"schema": 1, "name": "gallium-usa", "buyers": ["USA"]},
}
SCHEMA_ANSWER: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Sourcing problem",
    "type": "object",
}
LIVE_ANSWER: dict[str, Any] = {"live": True}
READY_ANSWER: dict[str, Any] = {
    "ready": True,
    "running": 0,
    "checks": {"database": "ok", "queue": "ok", "worker": "ok", "solver": "ok"},
}
LIMITS_ANSWER: dict[str, Any] = {
    "tenant": "local",
    "limits": {
        "body_bytes": 10_000_000,
        "variables": 2_000_000,
        "solve_seconds": 60.0,
        "job_solve_seconds": 3600.0,
        "keep_days": 30.0,
        "tenant_jobs": 1000,
        "tenant_running": None,
        "tenant_seconds": None,
    },
    "used": {"jobs": 0, "running": 0},
}
KIND_ANSWER: dict[str, Any] = {
    "type": "/problems/busy",
    "title": "As many solves as this server runs are running.",
    "status": 503,
    "remedy": "Try again later.",
}
