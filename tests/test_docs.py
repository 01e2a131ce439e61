"""The README and the pages say what the code does."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from instances import Problem, parse
from instances.rules import RULES
from instances.starter import starter_text
from optimizer import solve
from service.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("diversify ")
]


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_page_of_maths_is_made_from_the_docstrings() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_model.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_description_of_the_api_is_the_one_checked_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    make = importlib.import_module("make_openapi")
    assert make.PAGE.read_text(encoding="utf-8") == make.text(), (
        "the API has changed: run `make docs`, and read what changed as its users will"
    )


def test_readme_names_every_rule_family() -> None:
    for record in RULES:
        kind = record.model_fields["kind"].default
        assert f"| `{kind}` |" in README


def test_readme_problem_solves() -> None:
    (text,) = blocks("yaml")
    result = solve(parse(yaml.safe_load(text)))
    assert result.has_plan
    shares = result.shares.set_index(["node", "country"])["share_of_demand"]
    assert shares["2030", "CHN"] <= 0.4 + 1e-6


def test_readme_rule_lines_are_valid() -> None:
    (text,) = blocks("yaml")
    plain = yaml.safe_load(text)
    lines = re.findall(r"\| `(\{kind: .*?\})` \|", README)
    assert len(lines) == len(RULES)
    # a line about an owner needs a facility that can be built
    plain["commodities"][0]["market_price"] = 1
    process = {"id": "p", "outputs": {"gallium": 1}}
    site = {"id": "sep", "country": "AUS", "processes": [process], "capacity": 0}
    plain |= {"facilities": [site]}
    plain |= {"expansions": [{"id": "more", "facility": "sep", "size": 1, "capex": 1}]}
    plain["rules"] = [
        {"id": f"r{number}", **yaml.safe_load(line)} for number, line in enumerate(lines)
    ]
    assert {rule.kind for rule in parse(plain).rules} == {
        record.model_fields["kind"].default for record in RULES
    }


def test_readme_notebook_lines_run() -> None:
    space: dict[str, object] = {}
    for text in blocks("python"):
        exec(compile(text, "README.md", "exec"), space)
    assert "objective" in dir(space["result"])
    assert len(space["points"]) == 5  # type: ignore[arg-type]


@pytest.mark.parametrize("line", [line for line in COMMANDS if not line.endswith("&")])
def test_readme_commands_run(
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (text,) = blocks("yaml")
    (tmp_path / "my-problem.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", shlex.split(line))
    with pytest.raises(SystemExit) as ended:
        main()
    told = capfd.readouterr()
    assert not ended.value.code, told.err
    # it says something, or writes the file that it was asked for
    assert told.out.strip() or (tmp_path / sys.argv[-1]).is_file()


def test_readme_lines_of_a_chain_are_valid() -> None:
    lines = re.findall(r"\| `(\w+)` \| `(\{id: .*?\})` \|", README)
    assert [table for table, _ in lines] == [
        "facilities",
        "expansions",
        "recycling",
        "substitutions",
        "stockpiles",
        "funds",
        "price_floors",
        "minimum_import_prices",
        "tariffs",
        "in_transit",
        *["contracts"] * 3,
        "events",
        "scenarios",
        "combinations",
    ]
    for table, line in lines:
        records = TypeAdapter(Problem.model_fields[table].annotation)
        (record,) = records.validate_python([yaml.safe_load(line)])
        assert record.id


def test_what_may_happen_to_the_example_of_the_page_on_files_costs_what_it_says() -> None:
    page = (ROOT / "docs" / "files.md").read_text()
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    result = solve(parse(yaml.safe_load(text)))
    assert "= 11,128" in page
    assert result.objective == pytest.approx(11_128)
    held = result.stocks.set_index("node")["stock_t"].to_dict()
    assert held == pytest.approx({"2026": 20, "2027:banned": 0, "2027:calm": 20})


def test_what_the_starter_says_may_happen_is_planned_for() -> None:
    head, _, tail = starter_text().partition("#events:")
    lines = [line.removeprefix("#") for line in f"#events:{tail}".splitlines()]
    result = solve(parse(yaml.safe_load(head + "\n".join(lines))))
    assert result.has_plan
    cost = result.scenarios.set_index("scenario")["cost_usd"]
    # oxide is dearer than what China sells
    assert cost["banned"] > cost["calm"] * 1.001
