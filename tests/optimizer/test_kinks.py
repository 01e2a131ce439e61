"""Kinks of known curves: each is found, at its place, within 2k + 3 points."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from optimizer.kinks import Tangent, trace


class Curve:
    """The greatest of some straight lines, with a count of the points asked for."""

    def __init__(self, *lines: tuple[float, float]) -> None:
        self.lines = lines
        self.asked = 0

    def __call__(self, at: float) -> Tangent:
        self.asked += 1
        value, slope = max((start + slope * at, slope) for start, slope in self.lines)
        return Tangent(at, value, slope)


def _trace(curve: Curve, low: float, high: float) -> list[tuple[float, float, float]]:
    pieces = trace(curve(low), curve(high), curve)
    return [(piece.low, piece.high, piece.slope) for piece in pieces]


def test_a_straight_line_is_one_piece_of_two_points() -> None:
    curve = Curve((3.0, 2.0))
    assert _trace(curve, 0.0, 4.0) == [(0.0, 4.0, pytest.approx(2.0))]
    assert curve.asked == 2


def test_two_kinks_take_five_points() -> None:
    # max(10 - 4x, 6 - x, 2 + x): 10 - 4x = 6 - x at 4/3, 6 - x = 2 + x at 2
    curve = Curve((10.0, -4.0), (6.0, -1.0), (2.0, 1.0))
    assert _trace(curve, 0.0, 5.0) == [
        (0.0, pytest.approx(4 / 3), pytest.approx(-4.0)),
        (pytest.approx(4 / 3), pytest.approx(2.0), pytest.approx(-1.0)),
        (pytest.approx(2.0), 5.0, pytest.approx(1.0)),
    ]
    assert curve.asked == 5


def test_an_end_with_a_slope_of_no_piece_is_no_kink() -> None:
    # at the left end any slope below -1 supports 6 - x as well
    def tangent(at: float) -> Tangent:
        return Tangent(at, 6.0 - at, -50.0 if at == 0 else -1.0)

    pieces = trace(tangent(0.0), tangent(3.0), tangent)
    assert [(piece.low, piece.high) for piece in pieces] == [(0.0, 3.0)]


@pytest.mark.parametrize("seed", range(20))
def test_of_random_curves_every_kink_is_found_in_2k_plus_3_points(seed: int) -> None:
    draw = random.Random(seed)
    # tangents of x^2 at distinct points: each is a piece, its neighbours meet half-way
    touches = sorted(draw.sample(range(-40, 41), draw.randint(2, 12)))
    curve = Curve(*((-float(at * at), 2.0 * at) for at in touches))
    pieces = trace(curve(-41.0), curve(41.0), curve)
    kinks = [piece.high for piece in pieces[:-1]]
    expected = [(left + right) / 2 for left, right in pairwise(touches)]
    assert kinks == pytest.approx(expected)
    assert curve.asked <= 2 * len(kinks) + 3
