"""The classics once more, written from the printed numbers with scipy or by enumeration alone."""

from __future__ import annotations

from itertools import combinations, product
from math import inf

import pytest

from instances import load
from optimizer import Options, solve
from tests.program import Program, Terms


def _objective(name: str) -> float:
    objective = solve(load(name), Options(gap=1e-9)).objective
    assert objective is not None
    return objective


def test_wagner_whitin_by_dynamic_programming() -> None:
    demand = [69, 29, 36, 61, 61, 26, 34, 67, 45, 67, 79, 56]
    setup = [85, 102, 102, 101, 98, 114, 105, 86, 119, 110, 98, 114]
    best = [0.0]
    for end in range(1, 13):
        # the last lot is made in month `lot` and serves every month up to `end`
        best.append(
            min(
                best[lot] + setup[lot] + sum((m - lot) * demand[m] for m in range(lot, end))
                for lot in range(end)
            )
        )
    assert best[-1] == 864
    assert _objective("wagner-whitin") == pytest.approx(864, rel=1e-6)


def test_facility_location_by_trying_every_set_of_sites() -> None:
    demand = [80, 270, 250, 160, 180]
    cost = [[4, 6, 9], [5, 4, 7], [6, 3, 4], [8, 5, 3], [10, 8, 4]]
    found = []
    for count in (2, 3):  # one site makes 500 of the 940
        for sites in combinations(range(3), count):
            flow = Program()
            for customer, site in product(range(5), sites):
                flow.column((customer, site), cost[customer][site])
            for customer in range(5):
                flow.row({(customer, site): 1 for site in sites}, demand[customer], inf)
            for site in sites:
                flow.row({(customer, site): 1 for customer in range(5)}, high=500)
            found.append(1000 * count + flow.least())
    assert min(found) == pytest.approx(5610)
    assert _objective("facility-location") == pytest.approx(min(found), rel=1e-6)


def test_sailco_as_a_linear_program() -> None:
    program = Program()
    stock = 10.0
    for quarter, wanted in enumerate([40, 60, 75, 25]):
        program.column(("regular", quarter), 400, 40)
        program.column(("overtime", quarter), 450)
        program.column(("stock", quarter), 20)
        terms: Terms = {
            ("regular", quarter): 1,
            ("overtime", quarter): 1,
            ("stock", quarter): -1,
        }
        if quarter:
            terms["stock", quarter - 1] = 1
        needed = wanted - (0 if quarter else stock)
        program.row(terms, needed, needed)
    assert program.least() == pytest.approx(78_450)
    assert _objective("sailco") == pytest.approx(program.least(), rel=1e-6)


def test_euing_gas_by_trying_every_purchase() -> None:
    def profit(bought: int) -> float:
        oil_1, oil_2 = 500 + bought, 1000
        paid = sum(
            p * max(0, min(bought - start, 500)) for p, start in ((25, 0), (20, 500), (15, 1000))
        )
        # every gallon of gas 1 takes at least half of oil 1, every one of gas 2 at least 60 %: of
        # either, what is best lies at a corner, in whole gallons for these numbers
        best = 0.0
        for lean in range(oil_1 + 1):
            # `lean` gallons of oil 1 go to gas 2, with as much of oil 2 as they can carry
            gas_2 = lean + min(oil_2, lean * 2 / 3)
            rest_1, rest_2 = oil_1 - lean, oil_2 - (gas_2 - lean)
            gas_1 = rest_1 + min(rest_1, rest_2)
            best = max(best, 14 * gas_2 + 12 * gas_1)
        return best - paid

    profits = {bought: profit(bought) for bought in range(0, 1501, 25)}
    assert max(profits, key=lambda bought: profits[bought]) == 1000
    assert _objective("euing-gas") == pytest.approx(-profits[1000], rel=1e-6)
    assert profits[1000] == pytest.approx(12_500)


def test_boralis_as_a_transport_table() -> None:
    program = Program()
    made, wanted = [50, 180, 280, 270], [100, 200, 180, 300]
    for source, month in product(range(4), repeat=2):
        wait = 0.5 * (month - source) if month > source else 2.0 * (source - month)
        program.column((source, month), 40 + wait)
    for month in range(4):
        program.row({(source, month): 1 for source in range(4)}, wanted[month], wanted[month])
        program.row({(month, later): 1 for later in range(4)}, high=made[month])
    assert program.least() == pytest.approx(31_455)
    assert _objective("boralis") == pytest.approx(program.least(), rel=1e-6)


@pytest.mark.parametrize(("least", "printed"), [(375, 233_150), (0, 229_850)])
def test_steel_lanes_as_the_book_writes_them(least: float, printed: float) -> None:
    supply = [[400, 700, 800], [800, 1600, 1800], [200, 300, 300]]
    wanted = [
        [300, 300, 100, 75, 650, 225, 250],
        [500, 750, 400, 250, 950, 850, 500],
        [100, 100, 0, 50, 200, 100, 250],
    ]
    freight = [
        [[30, 10, 8, 10, 11, 71, 6], [22, 7, 10, 7, 21, 82, 13], [19, 11, 12, 10, 25, 83, 15]],
        [[39, 14, 11, 14, 16, 82, 8], [27, 9, 12, 9, 26, 95, 17], [24, 14, 17, 13, 28, 99, 20]],
        [[41, 15, 12, 16, 17, 86, 8], [29, 9, 13, 9, 28, 99, 18], [26, 14, 17, 13, 31, 104, 20]],
    ]
    charge = [
        [3000, 1200, 1200, 1200, 2500, 3500, 2500],
        [2000, 1000, 1500, 1200, 2500, 3000, 2200],
        [2000, 1200, 1500, 1500, 2500, 3500, 2200],
    ]
    program = Program()
    for mill, town in product(range(3), range(7)):
        program.column((mill, town), charge[mill][town], 1, whole=True)
        for good in range(3):
            program.column((mill, town, good), freight[good][mill][town])
        load_: Terms = {(mill, town, good): 1 for good in range(3)}
        program.row(load_ | {(mill, town): -625}, high=0)
        program.row(load_ | {(mill, town): -least}, low=0)
    for good in range(3):
        for mill in range(3):
            program.row({(mill, town, good): 1 for town in range(7)}, high=supply[good][mill])
        for town in range(7):
            amount = wanted[good][town]
            program.row({(mill, town, good): 1 for mill in range(3)}, amount, amount)
    assert program.least() == pytest.approx(printed)
    if least:
        assert _objective("steel-lanes") == pytest.approx(printed, rel=1e-6)


def test_distribution_as_flows_through_depots() -> None:
    made = [150_000, 200_000]
    through = [70_000, 50_000, 100_000, 40_000]
    wanted = [50_000, 10_000, 40_000, 35_000, 60_000, 20_000]
    no = inf
    to_depot = [[0.5, 0.5, 1.0, 0.2], [no, 0.3, 0.5, 0.2]]
    # rows: Liverpool, Brighton, then Newcastle, Birmingham, London, Exeter
    to_customer = [
        [1.0, no, 1.5, 2.0, no, 1.0],
        [2.0, no, no, no, no, no],
        [no, 1.5, 0.5, 1.5, no, 1.0],
        [1.0, 0.5, 0.5, 1.0, 0.5, no],
        [no, 1.5, 2.0, no, 0.5, 1.5],
        [no, no, 0.2, 1.5, 0.5, 1.5],
    ]
    program = Program()
    for factory, depot in product(range(2), range(4)):
        price = to_depot[factory][depot]
        program.column(("in", factory, depot), min(price, 1e3), inf if price < no else 0)
    for origin, customer in product(range(6), range(6)):
        price = to_customer[origin][customer]
        program.column(("out", origin, customer), min(price, 1e3), inf if price < no else 0)
    for factory in range(2):
        sent: Terms = {("in", factory, depot): 1 for depot in range(4)}
        program.row(sent | {("out", factory, c): 1 for c in range(6)}, high=made[factory])
    for depot in range(4):
        taken: Terms = {("in", factory, depot): 1 for factory in range(2)}
        program.row(taken, high=through[depot])
        program.row(taken | {("out", depot + 2, c): -1 for c in range(6)}, low=0)
    for customer in range(6):
        got: Terms = {("out", origin, customer): 1 for origin in range(6)}
        program.row(got, wanted[customer], wanted[customer])
    assert program.least() == pytest.approx(198_500)
    assert _objective("distribution") == pytest.approx(program.least(), rel=1e-6)
