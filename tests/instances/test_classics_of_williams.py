"""Williams's planning problems once more, written from the printed numbers with scipy alone."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from instances import load
from optimizer import Options, solve

Terms = dict[object, float]


class _Profit:
    """A small linear program: columns and rows by name, greatest profit."""

    def __init__(self) -> None:
        self.profit: Terms = {}
        self.upper: dict[object, float | None] = {}
        self.equal: list[tuple[Terms, float]] = []
        self.most: list[tuple[Terms, float]] = []

    def column(self, name: object, profit: float = 0, upper: float | None = None) -> None:
        self.profit[name], self.upper[name] = profit, upper

    def greatest(self) -> float:
        place = {name: number for number, name in enumerate(self.profit)}

        def matrix(rows: list[tuple[Terms, float]]) -> np.ndarray:
            dense = np.zeros((len(rows), len(place)))
            for number, (terms, _) in enumerate(rows):
                for name, factor in terms.items():
                    dense[number, place[name]] += factor
            return dense

        answer = linprog(
            [-value for value in self.profit.values()],
            A_ub=matrix(self.most),
            b_ub=[limit for _, limit in self.most],
            A_eq=matrix(self.equal),
            b_eq=[value for _, value in self.equal],
            bounds=[(0, upper) for upper in self.upper.values()],
        )
        assert answer.success
        return -float(answer.fun)


def _profit(name: str) -> float:
    objective = solve(load(name), Options(gap=1e-9)).objective
    assert objective is not None
    return -objective


def _stock(model: _Profit, good: object, month: int, terms: Terms, opening: float = 0) -> None:
    """Add: stock of the month before + terms = stock of this month."""
    row = terms | {("stock", good, month): -1}
    if month:
        row["stock", good, month - 1] = 1
    model.equal.append((row, 0 if month else -opening))


def test_food_manufacture() -> None:
    prices = [
        [110, 120, 130, 110, 115],
        [130, 130, 110, 90, 115],
        [110, 140, 130, 100, 95],
        [120, 110, 120, 120, 125],
        [100, 120, 150, 110, 105],
        [90, 100, 140, 80, 135],
    ]
    hardness = [8.8, 6.1, 2.0, 4.2, 5.0]
    model = _Profit()
    for month, oil in product(range(6), range(5)):
        model.column(("buy", oil, month), -prices[month][oil])
        model.column(("use", oil, month))
        model.column(("stock", oil, month), -5, 1000)
        terms: Terms = {("buy", oil, month): 1, ("use", oil, month): -1}
        _stock(model, oil, month, terms, 500)
    for oil in range(5):
        model.equal.append(({("stock", oil, 5): 1}, 500))
    for month in range(6):
        model.column(("food", month), 150)
        used: Terms = {("use", oil, month): 1 for oil in range(5)}
        model.equal.append((used | {("food", month): -1}, 0))
        model.most.append(({("use", oil, month): 1 for oil in (0, 1)}, 200))
        model.most.append(({("use", oil, month): 1 for oil in (2, 3, 4)}, 250))
        degrees: Terms = {("use", oil, month): hardness[oil] for oil in range(5)}
        model.most.append((degrees | {("food", month): -6}, 0))
        model.most.append(
            ({name: -value for name, value in degrees.items()} | {("food", month): 3}, 0)
        )
    assert model.greatest() == pytest.approx(107_842.59, abs=0.01)
    assert _profit("food-manufacture") == pytest.approx(model.greatest(), rel=1e-6)


def test_factory_planning() -> None:
    hours = [  # grinding, vertical drilling, horizontal drilling, boring, planing
        [0.5, 0.1, 0.2, 0.05, 0],
        [0.7, 0.2, 0, 0.03, 0],
        [0, 0, 0.8, 0, 0.01],
        [0, 0.3, 0, 0.07, 0],
        [0.3, 0, 0, 0.1, 0.05],
        [0.2, 0.6, 0, 0, 0],
        [0.5, 0, 0.6, 0.08, 0.05],
    ]
    machines = [  # in use, by month
        [3, 2, 3, 1, 1],
        [4, 2, 1, 1, 1],
        [4, 2, 3, 0, 1],
        [4, 1, 3, 1, 1],
        [3, 1, 3, 1, 1],
        [4, 2, 2, 1, 0],
    ]
    earns = [10, 6, 8, 4, 11, 9, 3]
    market = [
        [500, 1000, 300, 300, 800, 200, 100],
        [600, 500, 200, 0, 400, 300, 150],
        [300, 600, 0, 0, 500, 400, 100],
        [200, 300, 400, 500, 200, 0, 100],
        [0, 100, 500, 100, 1000, 300, 0],
        [500, 500, 100, 300, 1100, 500, 60],
    ]
    model = _Profit()
    for month, good in product(range(6), range(7)):
        model.column(("make", good, month))
        model.column(("sell", good, month), earns[good], market[month][good])
        model.column(("stock", good, month), -0.5, 100)
        _stock(model, good, month, {("make", good, month): 1, ("sell", good, month): -1})
    for good in range(7):
        model.equal.append(({("stock", good, 5): 1}, 50))
    for month, kind in product(range(6), range(5)):
        used: Terms = {("make", good, month): hours[good][kind] for good in range(7)}
        model.most.append((used, 384 * machines[month][kind]))
    assert model.greatest() == pytest.approx(93_715.18, abs=0.01)
    assert _profit("factory-planning") == pytest.approx(model.greatest(), rel=1e-6)


def test_refinery() -> None:
    model = _Profit()
    for crude, most in (("c1", 20_000), ("c2", 30_000)):
        model.column(crude, 0, most)
    yields = {
        "ln": (0.1, 0.15),
        "mn": (0.2, 0.25),
        "hn": (0.2, 0.18),
        "lo": (0.12, 0.08),
        "ho": (0.2, 0.19),
        "r": (0.13, 0.12),
    }
    octane = {"ln": 90, "mn": 80, "hn": 70, "rg": 115, "cg": 105}
    vapour = {"lo": 1.0, "ho": 0.6, "co": 1.5, "r": 0.05}
    reform = {"ln": 0.6, "mn": 0.52, "hn": 0.45}
    for naphtha in reform:
        model.column(("reform", naphtha))
    for oil in ("lo", "ho"):
        model.column(("crack", oil))
    for part, petrol in product(octane, ("premium", "regular")):
        model.column((petrol, part), {"premium": 7, "regular": 6}[petrol])
    for part in vapour:
        model.column(("jet", part), 4)
    model.column("fuel", 3.5 * 18)
    model.column("lubed", 0.5 * 1.5, 2_000)
    uses: dict[str, Terms] = {name: {"c1": -a, "c2": -b} for name, (a, b) in yields.items()}
    uses |= {"rg": {("reform", name): -share for name, share in reform.items()}}
    uses |= {"cg": {("crack", "lo"): -0.28, ("crack", "ho"): -0.2}}
    uses |= {"co": {("crack", "lo"): -0.68, ("crack", "ho"): -0.75}}
    for part, terms in uses.items():
        for way in ("reform", "crack", "premium", "regular", "jet"):
            if (way, part) in model.profit:
                terms[way, part] = 1
    for part, share in {"lo": 10, "co": 4, "ho": 3, "r": 1}.items():
        uses[part]["fuel"] = share
    uses["r"]["lubed"] = 1
    model.equal += [(terms, 0) for terms in uses.values()]
    model.most.append(({"c1": 1, "c2": 1}, 45_000))
    model.most.append(({("reform", name): 1 for name in reform}, 10_000))
    model.most.append(({("crack", "lo"): 1, ("crack", "ho"): 1}, 8_000))
    model.most.append(({"lubed": -0.5}, -500))
    for petrol, least in (("premium", 94), ("regular", 84)):
        model.most.append(({(petrol, part): least - octane[part] for part in octane}, 0))
    model.most.append(({("jet", part): vapour[part] - 1 for part in vapour}, 0))
    premium: Terms = {("premium", part): -1 for part in octane}
    model.most.append((premium | {("regular", part): 0.4 for part in octane}, 0))
    assert model.greatest() == pytest.approx(211_365.13, abs=0.01)
    assert _profit("refinery") == pytest.approx(model.greatest(), rel=1e-6)


def test_mining_by_trying_every_choice_of_mines() -> None:
    royalty, most, quality = [5, 4, 4, 5], [2.0, 2.5, 1.3, 3.0], [1.0, 0.7, 1.5, 0.5]
    worth = [1.1**-year for year in range(5)]

    def dug(worked: tuple[int, ...], wanted: float) -> float:
        year = _Profit()
        for mine in worked:
            year.column(mine, 1, most[mine])
        year.equal.append(({mine: quality[mine] - wanted for mine in worked}, 0))
        return year.greatest()

    crews = [tuple(m for m in range(4) if bits >> m & 1) for bits in range(1, 16)]
    crews = [crew for crew in crews if len(crew) <= 3]
    ore = [{crew: dug(crew, wanted) for crew in crews} for wanted in (0.9, 0.8, 1.2, 0.6, 1.0)]
    best = 0.0
    # a mine is open in its first `last[mine]` years
    for last in product(range(6), repeat=4):
        profit = 0.0
        for year in range(5):
            is_open = {mine for mine in range(4) if last[mine] > year}
            digs = [tonnes for crew, tonnes in ore[year].items() if is_open.issuperset(crew)]
            profit += worth[year] * (
                10 * max(digs, default=0.0) - sum(royalty[m] for m in is_open)
            )
        best = max(best, profit)
    assert best == pytest.approx(146.862, abs=5e-4)
    assert _profit("mining") == pytest.approx(best, rel=1e-6)
