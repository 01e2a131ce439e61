"""Ranges of axes as text: values with units, evenly spaced, or drawn."""

from __future__ import annotations

import numpy as np
import pytest

from instances import load
from instances.errors import InputError
from optimizer.sweep import Range, grid, parse_range, sample, tornado, zipped

PROBLEM = load("gallium-usa")
CAP = "rules[cn-cap].max_share"
PRICE = "offers[chn-gallium].price"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (f"{CAP}=0.3:0.9:4", (0.3, 0.5, 0.7, 0.9)),
        (f"{CAP}=30 %, 50 %", (0.3, 0.5)),
        (f"{PRICE}=300 USD/kg:500 USD/kg:3", (300_000.0, 400_000.0, 500_000.0)),
        (f"{PRICE}*=0.8, 110 %", (0.8, 1.1)),
        (f"{PRICE}+=10 USD/kg", (10_000.0,)),
    ],
)
def test_values_are_in_the_unit_of_the_field(text: str, values: tuple[float, ...]) -> None:
    assert parse_range(text, PROBLEM).values == pytest.approx(values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("max_share", "is no axis"),
        (f"{CAP}s=0.1", "Did you mean 'max_share'"),
        (f"{CAP}=0.1:0.9:1", "no such number of values"),
        (f"{CAP}=many", "no number"),
        (f"{PRICE}=300 t/yr", "no number"),
        (f"{PRICE}*=unifrom(1, 2)", "Did you mean 'uniform'"),
        (f"{PRICE}*=uniform(1)", "of 1 numbers"),
        (f"{PRICE}*=uniform(2, 1)", "does not rise"),
        (f"{PRICE}*=normal(1, -1)", "spread below 0"),
        (f"{PRICE}*=lognormal(0, 1)", "median"),
        (f"{PRICE}*=1e400", "not finite"),
    ],
)
def test_what_is_no_range_is_said(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse_range(text, PROBLEM)


@pytest.mark.parametrize(
    ("text", "mean", "deviation"),
    [
        # variance of a uniform (b - a)^2 / 12; of a triangular (a2 + b2 + c2 - ab - ac - bc) / 18
        ("uniform(0.7, 1.3)", 1.0, 0.6 / 12**0.5),
        ("normal(1, 0.1)", 1.0, 0.1),
        ("triangular(0.8, 1, 1.5)", 1.1, (0.39 / 18) ** 0.5),
        # mean exp(s^2 / 2), variance (exp(s^2) - 1) exp(s^2)
        ("lognormal(1, 0.2)", np.exp(0.02), np.sqrt((np.exp(0.04) - 1) * np.exp(0.04))),
    ],
)
def test_latin_samples_have_the_moments_of_their_distribution(
    text: str, mean: float, deviation: float
) -> None:
    design = sample([parse_range(f"{PRICE}*={text}", PROBLEM)], 4000, "latin", 0)
    values = np.array([point.values[0] for point in design.points])
    assert values.mean() == pytest.approx(mean, rel=2e-3)
    assert values.std() == pytest.approx(deviation, rel=2e-2)


def test_a_latin_sample_has_one_point_in_every_slice_of_every_axis() -> None:
    ranges = [
        parse_range(f"{path}*=uniform(0, 1)", PROBLEM) for path in (PRICE, "demand[*].quantity")
    ]
    points = np.array([point.values for point in sample(ranges, 10, "latin", 3).points])
    for column in points.T:
        assert sorted((column * 10).astype(int)) == list(range(10))


def test_equal_seeds_draw_equal_points_and_others_do_not() -> None:
    ranges = [parse_range(f"{PRICE}*=normal(1, 0.1)", PROBLEM)]
    first, again, other = (sample(ranges, 5, "random", seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_grids_zips_and_tornados() -> None:
    axes = [parse_range(f"{CAP}=0.3, 0.5", PROBLEM), parse_range(f"{PRICE}*=0.9, 1.1", PROBLEM)]
    assert [point.values for point in grid(axes).points] == [
        (0.3, 0.9),
        (0.3, 1.1),
        (0.5, 0.9),
        (0.5, 1.1),
    ]
    assert [point.values for point in zipped(axes).points] == [(0.3, 0.9), (0.5, 1.1)]
    assert [(point.id, point.values) for point in tornado(axes, (0.4, 1.0)).points] == [
        ("base", (0.4, 1.0)),
        ("0-low", (0.3, 1.0)),
        ("0-high", (0.5, 1.0)),
        ("1-low", (0.4, 0.9)),
        ("1-high", (0.4, 1.1)),
    ]


def test_axes_of_unequal_length_are_not_zipped() -> None:
    axes = [parse_range(f"{CAP}=0.3, 0.5", PROBLEM), parse_range(f"{PRICE}*=0.9", PROBLEM)]
    with pytest.raises(InputError, match="not equally long"):
        zipped(axes)


def test_a_drawn_axis_has_no_grid_and_a_listed_one_no_sample() -> None:
    drawn = parse_range(f"{PRICE}*=uniform(0, 1)", PROBLEM)
    with pytest.raises(InputError, match="is drawn"):
        grid([drawn])
    with pytest.raises(InputError, match="is listed"):
        sample([Range(drawn.axis, (1.0,))], 3, "random", 0)
