"""Colours: the page and the pictures of Python are of one mind."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from playwright.sync_api import sync_playwright

from instances import load
from optimizer import Options, solve
from optimizer.plot import colours
from optimizer.plot.cost import GROUPS

PAGE = files("service").joinpath("page", "js")
CHROMIUM = "/usr/bin/chromium"
PROBLEMS = ("gallium-usa", "palladium-usa", "zinc-usa", "dantzig")


def test_countries_have_the_colours_of_the_page() -> None:
    text = PAGE.joinpath("palette.js").read_text()
    assert f"CHINA = '{colours.CHINA}'" in text
    assert f"OTHER = '{colours.OTHER}'" in text
    assert _list(text, "HUES") == list(colours.HUES)
    assert _list(text, "KINDS") == list(colours.KINDS)
    script = text.replace("export ", "")
    results = {name: solve(load(name), Options(tie_break=False)) for name in PROBLEMS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.add_script_tag(content=script)
        for name, result in results.items():
            found = page.evaluate(
                "text => { const found = palette(JSON.parse(text)); "
                "return { order: found.order, hue: found.hue }; }",
                json.dumps(result.to_plain()),
            )
            own = colours.palette(result)
            assert found["order"] == list(own.order), name
            assert found["hue"] == dict(own.hue), name
            # never two countries with one colour
            assert len(set(own.hue.values())) == len(own.hue), name
        browser.close()


def _list(text: str, name: str) -> list[str]:
    (inside,) = re.findall(rf"{name} = \[(.*?)\];", text)
    return re.findall(r"'(.*?)'", inside)


def test_kinds_of_cost_are_those_of_the_page() -> None:
    text = PAGE.joinpath("reading.js").read_text()
    (block,) = re.findall(r"const GROUPS = \{(.*?)\};", text, re.DOTALL)
    found = {
        kind: tuple(re.findall(r"'(.*?)'", accounts))
        for kind, accounts in re.findall(r"'([^']+)': \[(.*?)\]", block)
    }
    assert found == GROUPS
