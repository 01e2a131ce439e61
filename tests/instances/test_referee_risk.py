"""Mean, tail, worst case and doubt of branch costs, as the referee reckons them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from instances.referee.risk import risks, tail_mean
from instances.scenarios.risk import Risk


def test_the_edge_of_the_tail_counts_with_a_part_of_its_probability() -> None:
    # 0.01 of 40000 and 0.09 of 5000 make the dearest 0.1: 4000 + 4500
    cost, chance = np.array([5_000.0, 40_000.0]), np.array([0.99, 0.01])
    assert tail_mean(cost, chance, 0.9) == pytest.approx(8_500)
    assert tail_mean(cost, chance, 0.0) == pytest.approx(5_350)
    assert tail_mean(cost, chance, 0.995) == pytest.approx(40_000)


def test_the_tail_never_falls_with_its_level() -> None:
    draw = np.random.default_rng(1)
    cost, chance = draw.normal(size=50), draw.dirichlet(np.ones(50))
    means = [tail_mean(cost, chance, level) for level in np.linspace(0, 0.999, 40)]
    assert (np.diff(means) >= -1e-12).all()
    assert means[0] == pytest.approx(float(cost @ chance))


def test_doubt_moves_probability_to_the_dearest() -> None:
    branches = pd.DataFrame({"cost_usd": [100.0, 200.0, 400.0], "probability": [0.5, 0.3, 0.2]})
    # within 50 %: 0.3 for the dearest, 0.45 at most for the next, the rest, 0.25, for the cheapest
    found = risks(Risk(probability_range=0.5, worst_weight=0.25), branches)
    assert found["doubted"] == pytest.approx(0.3 * 400 + 0.45 * 200 + 0.25 * 100)
    assert found["expected"] == pytest.approx(190)
    assert found["worst"] == 400
    assert found["minimised"] == pytest.approx(0.75 * found["doubted"] + 0.25 * 400)


def test_weights_beyond_one_are_refused() -> None:
    with pytest.raises(ValueError, match=r"by 1\.2 together\. At most 1 is allowed"):
        Risk(tail_weight=0.7, worst_weight=0.5)
    assert Risk(level=0.8).neutral
    assert Risk(tail_weight=0.25, level=0.8, probability_range=0.1).sentence() == (
        "75 % of the expected cost (probabilities up to 10 % off) + 25 % of the mean cost of the "
        "dearest 20 %"
    )
