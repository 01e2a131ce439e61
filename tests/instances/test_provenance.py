from __future__ import annotations

import pytest

from instances import InputError, load
from instances.provenance import provenance


def test_a_sourced_number_leads_to_its_row() -> None:
    told = provenance(load("antimony-usa"), "offers[chn-antimony].capacity")
    assert (told.value, told.source, told.assumption) == (60_000, "mcs2025_atlas", None)
    (row,) = told.rows
    assert row.startswith("production.csv: row ")
    assert "antimony, mine, mine output, CHN, 2024, 60000, t Sb content" in row


def test_a_price_is_found_through_its_unit() -> None:
    # 9.5 USD/lb in the row, 20,944 USD/t in the problem
    told = provenance(load("antimony-usa"), "commodities[antimony].customs_value")
    assert any("metal 99.65 pct, 9.5, USD/lb, 2024" in row for row in told.rows)


def test_an_assumption_leads_to_the_row_it_names() -> None:
    told = provenance(load("antimony-usa"), "demand[usa-antimony].quantity")
    assert told.source is None
    (row,) = told.rows
    assert row.startswith("assumed/us_demand.csv: row ")
    assert "24000" in row


def test_a_number_of_an_instance_written_by_hand_leads_to_its_row() -> None:
    told = provenance(load("gallium-usa"), "offers[chn-gallium].capacity")
    assert told.source == "mcs2026"
    assert any("gallium, capacity" in row and ", CHN, 2025, 1600" in row for row in told.rows)


def test_a_choice_of_the_planner_has_no_row() -> None:
    told = provenance(load("antimony-usa"), "rules[cover].cover_days")
    assert told.assumption is not None
    assert told.rows == ()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("price", "is no path of a number"),
        ("offer[chn-antimony].price", "Did you mean 'offers'"),
        ("offers[chn-antimny].price", "Did you mean 'chn-antimony'"),
        ("offers[chn-antimony].prize", "Did you mean 'price'"),
    ],
)
def test_a_number_that_is_not_there_is_answered_with_the_nearest(path: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        provenance(load("antimony-usa"), path)
