"""The page's files: what is served, and under which policy."""

from __future__ import annotations

import gzip
import hashlib
import re
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from instances.words import country_name
from optimizer.plot.world import geometry
from optimizer.plot.world import geometry as shapes_of_pictures
from service.errors import handle_errors
from service.geometry import geometry as shapes_here
from service.page_routes import add_page

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
    assert again.headers["vary"] == "Accept-Encoding"
    # packed and plain bytes have a tag each
    plain = http.get("/page/page.css", headers={"accept-encoding": "identity"})
    assert plain.headers["etag"] != first.headers["etag"]
    held = {"accept-encoding": "identity", "if-none-match": first.headers["etag"]}
    assert http.get("/page/page.css", headers=held).content == plain.content
    held["if-none-match"] = f'"older", W/{plain.headers["etag"]}'
    assert http.get("/page/page.css", headers=held).status_code == 304


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


def test_the_map_lies_within_one_turn_of_the_globe_and_names_countries() -> None:
    world = client().get("/page/data/world.json").json()
    places = client().get("/page/data/places.json").json()
    names = [feature["properties"]["name"] for feature in world["features"]]
    assert {name for name in names if name not in places} == {"Kosovo", "N. Cyprus", "Somaliland"}
    assert {"CHN", "AUS", "COD", "USA", "RUS"} <= set(names)
    for feature in world["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            across = [x for x, _ in polygon[0]]
            assert polygon[0][0] == polygon[0][-1]
            assert -180 <= min(across) < max(across) <= 180
            # no ring crosses 180 degrees: its points never jump to the other side
            steps = [abs(one - other) for one, other in pairwise(across)]
            assert max(steps) < 90, feature["properties"]["name"]


def test_what_is_vendored_is_what_its_readme_says() -> None:
    for folder, name in ((PAGE.joinpath("vendor"), "echarts.js"), (geometry(), "world.json")):
        read = folder.joinpath("README.md").read_text()
        assert hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() in read


def test_the_shapes_are_those_that_pictures_are_drawn_with() -> None:
    assert shapes_here().samefile(str(shapes_of_pictures()))
