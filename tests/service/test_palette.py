"""Colours of the pictures: one per country whatever the run, told apart by every kind of sight."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    import numpy.typing as npt

    Lab = npt.NDArray[np.float64]

PAGE = files("service").joinpath("page")

# Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009) 1291, severity 1.0: matrices on linear RGB
SIGHTS = {
    "full": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# sRGB to CIE XYZ relative to its white, D65 (IEC 61966-2-1)
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])
LEAST_DIFFERENCE = 8.0
"""CIEDE2000 between any two colours of one picture; about 1 is just noticeable."""


def lab(colour: str, sight: list[list[float]]) -> Lab:
    """Return a colour as CIE L*a*b* as it is seen."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels > 0.04045, ((channels + 0.055) / 1.055) ** 2.4, channels / 12.92)
    white = TO_XYZ @ np.clip(np.array(sight) @ linear, 0, 1)
    root = np.where(white > 0.008856, np.cbrt(white), 7.787 * white + 16 / 116)
    return np.array(
        [116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])],
    )


def difference(one: Lab, other: Lab) -> float:
    """Return CIEDE2000, as Sharma, Wu and Dalal (Color Res. Appl. 30 (2005) 21) write it."""
    (light_1, a_1, b_1), (light_2, a_2, b_2) = one, other
    mean = (np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))
    chroma_1, chroma_2 = np.hypot(stretch * a_1, b_1), np.hypot(stretch * a_2, b_2)
    hue_1 = np.degrees(np.arctan2(b_1, stretch * a_1)) % 360
    hue_2 = np.degrees(np.arctan2(b_2, stretch * a_2)) % 360
    turn = (hue_2 - hue_1 + 180) % 360 - 180
    hue = (hue_1 + turn / 2) % 360
    light, chroma = (light_1 + light_2) / 2, (chroma_1 + chroma_2) / 2
    weight = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    by_light = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    by_chroma, by_hue = 1 + 0.045 * chroma, 1 + 0.015 * chroma * weight
    blue = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * np.sin(np.radians(blue))
    parts = (
        (light_2 - light_1) / by_light,
        (chroma_2 - chroma_1) / by_chroma,
        2 * np.sqrt(chroma_1 * chroma_2) * np.sin(np.radians(turn / 2)) / by_hue,
    )
    return float(np.sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2]))


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], published: float
) -> None:
    # Sharma, Wu and Dalal, table 1: pairs 1, 17 and 34
    assert difference(np.array(one), np.array(other)) == pytest.approx(published, abs=5e-5)


def colours(name: str) -> list[str]:
    """Return the colours that the palette gives a name."""
    text = PAGE.joinpath("js/palette.js").read_text()
    return re.findall(r"#\w{6}", re.findall(rf"const {name} = (.*?);", text, re.DOTALL)[0])


@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_of_one_picture_can_be_told_apart(sight: str) -> None:
    countries = [*colours("CHINA"), *colours("OTHER"), *colours("HUES")]
    assert len(countries) == 9
    for together in (countries, colours("KINDS")):
        for one, other in combinations(together, 2):
            found = difference(lab(one, SIGHTS[sight]), lab(other, SIGHTS[sight]))
            assert found >= LEAST_DIFFERENCE, (one, other, found)
