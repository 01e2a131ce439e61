"""Indices: every formula by hand, over one node or many, and NaN where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from instances import indices
from instances.governance import political_stability

NINE_TO_ONE = (90, 10, 0)


def test_a_supplier_of_nine_tenths_is_an_hhi_of_about_four_fifths() -> None:
    # 0.9^2 + 0.1^2
    assert indices.hhi(NINE_TO_ONE) == pytest.approx(0.82)
    assert indices.effective_suppliers(NINE_TO_ONE) == pytest.approx(1 / 0.82)
    assert indices.effective_suppliers([25, 25, 25, 25]) == pytest.approx(4)


def test_the_largest_have_their_share() -> None:
    amounts = [15, 50, 5, 30]
    assert indices.concentration_ratio(amounts, 1) == pytest.approx(0.5)
    assert indices.concentration_ratio(amounts, 3) == pytest.approx(0.95)
    assert indices.concentration_ratio([7, 3], 3) == pytest.approx(1)


def test_governance_risk_runs_from_nought_to_ten() -> None:
    assert indices.governance_risk([2.5, -0.3, -2.5]).tolist() == pytest.approx([0, 5.6, 10])


def test_hhi_is_weighted_by_governance_and_trade() -> None:
    # 0.49 * 5 + 0.09 * 4 * 0.8
    assert indices.hhi_wgi([70, 30], [5, 4], [1, 0.8]) == pytest.approx(2.738)
    # a country without a figure counts only where something comes from it
    assert indices.hhi_wgi([70, 30, 0], [5, 4, np.nan]) == pytest.approx(2.81)
    assert np.isnan(indices.hhi_wgi([70, 30, 1], [5, 4, np.nan]))


def test_eu_supply_risk_by_hand() -> None:
    # (5.6 / 2 + 5.6 / 2) * 0.99 * 0.95
    world = indices.hhi_wgi([1], [5.6])
    assert indices.supply_risk(world, world, 1, 0.01, 0.95) == pytest.approx(5.2668)
    # half as dependent: a quarter of the world's 4, three quarters of the sourcing's 2
    assert indices.supply_risk(4, 2, 0.5) == pytest.approx(2.5)


def test_import_dependence_lies_between_nought_and_one() -> None:
    found = indices.import_dependence([50, -10, 20], [50, 50, 0])
    assert found.tolist() == pytest.approx([0.5, 0, 1])


def test_geopolrisk_by_hand() -> None:
    # .7^2 + .2^2 + .1^2 = .54; (60 * .6 + 40 * .2) / (25 + 100) = .352
    score = indices.geopolrisk(indices.hhi([0.7, 0.2, 0.1]), [60, 40], [0.6, 0.2], 25)
    assert score == pytest.approx(0.19008)
    assert indices.geopolrisk_factor(score, 60) == pytest.approx(11.4048)


def test_consumption_and_reliance_by_hand() -> None:
    # 40 made, 60 - 10 imported, 5 into stock
    consumption = indices.apparent_consumption(40, 50, 5)
    assert consumption == pytest.approx(85)
    assert indices.net_import_reliance(50, 5, consumption) == pytest.approx(45 / 85)


def test_coverage_without_the_largest_supplier() -> None:
    # China's 70 t and its own demand of 50 drop out: 30 of 30
    assert indices.static_coverage([70, 20, 10], [50, 0, 30]) == pytest.approx(1)
    # G7: without China's 200 t Australia's 30 and Kazakhstan's 20 cover half of 100
    assert indices.static_coverage([200, 30, 20, 0], [0, 0, 0, 100]) == pytest.approx(0.5)
    # a buyer that makes most itself loses the largest of the others: 70 + 10 of 100
    home = indices.static_coverage([70, 20, 10], [100, 0, 0], [False, True, True])
    assert home == pytest.approx(0.8)
    assert indices.static_coverage([70, 0, 0], [100, 0, 0], [False, True, True]) == 0.7


def test_cover_counts_use_or_what_has_to_be_imported() -> None:
    # G7: 50 t of stock for 100 t a year
    assert indices.cover_of_consumption(50, 100) == pytest.approx(182.5)
    # 365 * 50 / (100 - 27)
    assert indices.cover_of_net_use(50, 100, 27) == pytest.approx(250)
    assert np.isnan(indices.cover_of_net_use(50, 100, 100))


def test_many_nodes_are_counted_at_once_and_of_nothing_there_is_no_share() -> None:
    found = indices.hhi([[90, 10], [50, 50], [0, 0]])
    assert found[:2].tolist() == pytest.approx([0.82, 0.5])
    assert np.isnan(found[2])
    assert np.isnan(indices.static_coverage([0, 0], [0, 10]))
    assert np.isnan(indices.net_import_reliance(0, 0, 0))


def test_governance_comes_from_the_facts() -> None:
    known = political_stability()
    assert known["CHN"] == -0.1533
    # the normalised risk beside it in the facts is w / 10
    assert indices.governance_risk(known["CHN"]) / 10 == pytest.approx(0.5307, abs=5e-5)
    assert "QAA" not in known
