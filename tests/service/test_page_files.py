"""The page's files: what is served, under which policy, and colours that can be told apart."""

from __future__ import annotations

import gzip
import re
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from fastapi import FastAPI
from starlette.testclient import TestClient

from instances.words import country_name
from service.errors import handle_errors
from service.page_routes import add_page

if TYPE_CHECKING:
    import numpy.typing as npt

PAGE = files("service").joinpath("page")


def client() -> TestClient:
    app = FastAPI()
    add_page(app)
    handle_errors(app)
    return TestClient(app)


def test_the_page_comes_under_a_policy_that_lets_nothing_in_from_elsewhere() -> None:
    answer = client().get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    # no script within the page: each has a file
    assert re.findall(r"<script[^>]*>", answer.text) == [
        '<script type="module" src="/page/js/main.js">'
    ]


def test_a_copy_that_still_holds_is_not_sent_again() -> None:
    http = client()
    first = http.get("/page/page.css")
    again = http.get("/page/page.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_is_the_same_packed_and_plain() -> None:
    http = client()
    plain = http.get("/page/js/main.js", headers={"accept-encoding": "identity"})
    packed = http.get("/page/js/main.js", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == PAGE.joinpath("js/main.js").read_bytes()
    assert len(gzip.compress(plain.content)) < len(plain.content)


def test_what_is_no_file_of_the_page_is_not_found() -> None:
    for path in ("/page/nothing.js", "/page/../app.py", "/page/%2e%2e/app.py", "/page/"):
        assert client().get(path).status_code == 404, path


def test_countries_have_the_names_that_the_command_line_gives_them() -> None:
    places: dict[str, list[Any]] = client().get("/page/data/places.json").json()
    assert {code: name for code, (name, *_) in places.items()} == {
        code: country_name(code) for code in places
    }
    assert places["CHN"][0] == "China"


def test_no_file_of_the_page_makes_markup_of_text() -> None:
    for script in sorted(Path(str(PAGE)).glob("js/**/*.js")):
        text = script.read_text()
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text)
        assert "http://" not in text
        assert "https://" not in text


def test_no_two_modules_of_pictures_declare_the_same_name() -> None:
    # the offline report holds them all in one script
    declared = [
        name
        for script in sorted(Path(str(PAGE)).glob("js/charts/*.js"))
        for name in re.findall(
            r"^(?:export )?(?:const|let|function) (\w+)", script.read_text(), re.MULTILINE
        )
    ]
    assert sorted(declared) == sorted(set(declared))
    assert "supplyPicture" in declared


# Machado, Oliveira and Fernandes, IEEE TVCG 15 (2009) 1291: full protanopia and deuteranopia,
# matrices on linear RGB
SIGHTS = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])
LEAST_DISTANCE = 9.0
"""CIE 1976; about 2.3 is just noticeable."""


def _lab(colour: str, sight: list[list[float]]) -> npt.NDArray[np.float64]:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels > 0.04045, ((channels + 0.055) / 1.055) ** 2.4, channels / 12.92)
    white = TO_XYZ @ np.clip(np.array(sight) @ linear, 0, 1)
    root = np.where(white > 0.008856, np.cbrt(white), 7.787 * white + 16 / 116)
    return np.array(
        [116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])],
    )


def test_countries_can_be_told_apart_by_people_with_colour_blindness() -> None:
    text = PAGE.joinpath("js/palette.js").read_text()
    named = re.findall(r"const (?:CHINA|OTHER) = '(#\w{6})'", text)
    hues = re.findall(r"#\w{6}", re.findall(r"const HUES = (.*?);", text)[0])
    assert len(named) == 2
    assert len(hues) == 7
    for sight, matrix in SIGHTS.items():
        for one, other in combinations([*named, *hues], 2):
            distance = float(np.linalg.norm(_lab(one, matrix) - _lab(other, matrix)))
            assert distance >= LEAST_DISTANCE, (sight, one, other, distance)
