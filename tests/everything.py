"""A chain with something of everything: every constraint has a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tiny import GOODS, Data, need, offer, problem, rule

if TYPE_CHECKING:
    from instances.problem import Problem


def everything() -> Problem:
    """Return a chain, two periods and something of everything: every constraint has a row."""
    powder = {"commodity": "powder"}
    ore = {"commodity": "ore"}

    def cap(id: str, most: Any, denominator: str, of: str = "CHN", **fields: Any) -> Data:
        return rule("share_cap", id=id, of=of, max_share=most, denominator=denominator, **fields)

    def floor(id: str, party: str, least: float, of: str, **fields: Any) -> Data:
        return rule("share_floor", id=id, of=party, min_share=least, denominator=of, **fields)

    return problem(
        name="every-rule",
        periods={
            "start": "2026-01-01",
            "parts": [{"count": 1, "length": "2 yr"}, {"count": 1, "length": "1 yr"}],
        },
        discount={"rate": 0.25, "timing": "start"},
        commodities=[
            {
                "id": "metal",
                **GOODS,
                "customs_value": 1000,
                "market_price": {2026: 110, 2028: 100},
            },
            {"id": "powder", **GOODS},
            {"id": "ore", "stage": "mine", "basis": "product", "market_price": 15},
            {"id": "slag", "stage": "waste", "basis": "product", "disposal_cost": 3},
            {"id": "alloy", "stage": "alloy", "basis": "product"},
        ],
        groups={
            "partners": ["AUS", "KAZ"],
            "covered": ["CHN"],
            "outside": {"outside": "covered"},
            "home": ["USA", "KAZ"],
        },
        countries=[{"id": "CHN", "governance": 0}, {"id": "AUS", "governance": 1}],
        offers=[
            offer("CHN", 100, 80),
            offer("AUS", None, tranches=[{"price": 150, "capacity": 30}, {"price": 200}])
            | {"start": "2027-01-01"},
            offer("KAZ", {2026: 300, 2028: 400}, 9, **powder),
            offer("CHN", 10, 30, id="cn-ore", **ore),
            offer("AUS", 20, 40, id="au-ore", **ore),
            offer("JPN", 200, 10, commodity="alloy"),
            offer(
                "BRA",
                None,
                commodity="alloy",
                pricing="incremental",
                tranches=[{"price": p, "capacity": c} for p, c in ((210, 2), (190, 3), (150, 4))],
                available=0.5,
                minimum_lot=1,
                fixed_cost=12,
            ),
            offer(
                "CAN",
                None,
                commodity="alloy",
                pricing="all_units",
                tranches=[{"price": 220, "capacity": 2}, {"price": 180, "capacity": 6}],
                qualification_cost=40,
                qualification_time=365,
            ),
        ],
        contracts=[
            {
                "id": "offtake",
                "offer": "bra",
                "maximum": 3,
                "take_or_pay": 0.5,
                "price": 160,
                "priority_share": 0.5,
            },
            {
                "id": "option",
                "offer": "cn-ore",
                "maximum": 20,
                "take_or_pay": 0.75,
                "reference_price": {2026: 9, 2028: 16},
                "floor": 10,
                "sharing": 0.5,
                "sharing_above": 12,
                "sharing_cap": 24,
                "commitment": "whole",
                "signing_cost": 30,
                "start": "2027-01-01",
            },
            {
                "id": "part",
                "offer": "au-ore",
                "maximum": 8,
                "reference_price": 20,
                "sharing": 0.25,
                "sharing_above": 16,
                "sharing_cap": 5,
                "sharing_to": "seller",
                "commitment": "divisible",
                "sign_by": "2027-01-01",
            },
        ],
        facilities=[
            {
                "id": "smelter",
                "country": "USA",
                "processes": [
                    {
                        "id": "melt",
                        "inputs": {"ore": 2},
                        "outputs": {"metal": 1, "slag": 0.5},
                        "cost": 30,
                    }
                ],
                "capacity": 16,
                "utilisation": 0.75,
                "minimum_run": 4,
                "fixed_cost": 100,
                "growth": 8,
            }
        ],
        expansions=[
            {
                "id": "hall",
                "facility": "smelter",
                "size": 12,
                "lumpy": True,
                "capex": 60,
                "capex_mode": "lump",
                "grant": 0.5,
                "life": 8,
                "salvage": "straight_line",
                "lead_time": 365,
                "ramp": [0.5],
            },
            {
                "id": "line",
                "facility": "smelter",
                "size": 5,
                "capex": 80,
                "life": 2,
                "rate": 0.25,
            },
        ],
        lanes=[
            {
                "id": "cn-us",
                "origin": "CHN",
                "destination": "USA",
                "commodities": ["metal"],
                "freight": 10,
                "tariff": 0.25,
                "loss": 0.1,
                "capacity": 70,
            },
            {
                "id": "au-us",
                "origin": "AUS",
                "destination": "USA",
                "commodities": ["metal"],
                "freight": 20,
                "lead_time": 73,
                "compliance_cost": 4,
                "fixed_cost": 50,
                "minimum_load": 3,
                "capacity": 60,
                "terminal_value": 7,
            },
        ],
        demand=[
            need(45, [{"share": 0.2, "cost": 5000}, {"share": 0.3, "cost": 9000}]),
            need(5, id="army", demand_class="defence", backlog_cost=400, **powder),
        ],
        recycling=[
            {
                "id": "returns",
                "country": "USA",
                "commodity": "metal",
                "given": 1,
                "of": ["us"],
                "recovered": 0.25,
                "lag": 365,
                "cost": 15,
            }
        ],
        substitutions=[
            {
                "id": "swap",
                "demand": "army",
                "commodity": "alloy",
                "ratio": 1.5,
                "cost": 20,
                "limit": 0.4,
            }
        ],
        in_transit=[
            {
                "id": "ship",
                "commodity": "metal",
                "country": "USA",
                "tonnes": 6,
                "arrives": "2027-03-01",
                "seller": "AUS",
            }
        ],
        outlets=[
            {"id": "scrap", "commodity": "metal", "country": "USA", "price": 50, "capacity": 6},
            {"id": "trade", "country": "KAZ", "price": 90, "capacity": 2, **powder},
        ],
        price_floors=[
            {
                "id": "contract",
                "facility": "smelter",
                "commodity": "metal",
                "floor": 150,
                "reference": {2026: 110, 2028: 210},
                "clawback": 0.5,
            },
            {"id": "other", "offer": "kaz", "commodity": "powder", "floor": 360}
            | {"reference": 320, "end": "2027-01-01"},
        ],
        minimum_import_prices=[
            {"id": "border", "commodity": "ore", "zone": ["USA", "AUS"], "price": 14}
            | {"goes_to": "treasury"},
            {"id": "least", "commodity": "alloy", "zone": "USA", "price": 230}
            | {"goes_to": "seller"},
        ],
        tariffs=[
            {"id": "duty", "of": "covered", "into": "USA", "commodity": "metal", "rate": 0.1},
            {"id": "late", "of": "partners", "into": "USA", "commodity": "metal", "rate": 0.05}
            | {"start": "2028-01-01"},
        ],
        stockpiles=[
            {
                "id": "vault",
                "commodity": "metal",
                "country": "USA",
                "opening": 10,
                "capacity": 40,
                "fill_rate": 30,
                "draw_rate": 20,
                "decay": 0.5,
                "holding_cost": 2,
                "terminal_value": 60,
            },
            {
                "id": "cache",
                "commodity": "powder",
                "country": "USA",
                "opening": 6,
                "market_share": 0.5,
                "rotation": 0.25,
                "rotation_cost": 3,
                "release": "declared",
                "declared": [
                    {"start": "2028-01-01", "end": "2028-07-01"},
                    {"start": "2028-07-01", "end": "2029-01-01"},
                ],
                "pace": 0.5,
                "release_rate": 7,
                "serves": ["defence"],
                "loan_days": 73,
                "book_value": 400_000,
                "holding_cost": 20_000,
            },
            {
                "id": "common",
                "commodity": "powder",
                "country": "KAZ",
                "opening": 8,
                "decay": 0.5,
                "loan_days": 146,
                "members": [
                    {"country": "USA", "share": 0.75, "borrowing": 4},
                    {"country": "KAZ", "share": 0.25},
                ],
            },
        ],
        funds=[
            {
                "id": "purse",
                "stockpiles": ["cache"],
                "equity": {2026: 500_000, 2028: 2_000_000},
                "loan": 1_500_000,
                "rate": 0.26,
                "inflation": 0.05,
                "term": 4,
                "repayment": "straight",
                "leverage": 0.75,
                "entry_fee": 0.25,
                "carrying_fee": 0.125,
            }
        ],
        rules=[
            cap("cap-demand", 0.6, "demand"),
            cap("cap-supply", 0.75, "supply", buyers=["USA"]),
            cap("cap-civil", {2028: 0.5}, "deliveries", demand_class="civil", penalty=70),
            cap("cap-value", 0.8, "value", commodity=["ore", "powder"], penalty=0.5),
            cap("cap-touched", 0.7, "deliveries", of="covered", origin="touched"),
            cap("cap-ore", 0.9, "supply", commodity="ore", penalty=40, origin="traced"),
            floor("floor-demand", "partners", 0.1, "demand"),
            floor("floor-outside", "outside", 0.2, "demand", penalty_per_point=90),
            floor("floor-supply", "KAZ", 0.125, "supply", **powder),
            rule("stock_target", id="reserve", stockpile="vault", tonnes=10),
            rule("stock_target", id="cover", stockpile="vault", cover_days=73, penalty=500),
            rule("min_suppliers", id="sellers", count=2, min_share=0.05, start="2028-01-01"),
            rule("min_suppliers", id="lots", count=1, min_share=0.1, all_or_none=True, **powder),
            rule("max_new_sellers", id="new", count=1, incumbents=["CHN"], **ore),
            {
                "id": "bench",
                "kind": "benchmark",
                "of": "home",
                "stage": "metal",
                "min_share": 0.4,
                "penalty_per_point": 5,
            },
            rule("hhi_cap", id="mix", max_hhi=0.81, as_one=["partners"]),
            rule("hhi_cap", id="given", max_hhi=0.9, counted="deliveries", start="2028-01-01"),
            rule("hhi_cap", id="risk", max_hhi=6.25, governance=True, end="2028-01-01", **ore),
            rule("participation", id="owner", facility="smelter", rate=0.25, max_loss=5000),
            rule("reserve_limit", id="pit", of="CHN", reserves=5000, penalty=30, **ore),
            rule("budget", id="building", amount=800, carry_over=True, of="USA", penalty=0.5),
            rule("budget", id="public", amount=9000, payer="public", accounts="all"),
            rule("budget", id="trade", amount=90000, accounts="all", start="2028-01-01"),
        ],
    )
