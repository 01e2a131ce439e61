from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

from instances.catalog import instance_names, load
from instances.errors import InputError
from instances.generate import random_problem
from instances.parse import parse
from instances.read import plain_of, read, read_text
from instances.write import dump, write, write_text

if TYPE_CHECKING:
    from instances.problem import Problem

Form = Literal["yaml", "json"]


@pytest.fixture
def problem(depot: Problem) -> Problem:
    return depot


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize("name", instance_names())
def test_a_shipped_instance_reads_back_equal(name: str, form: Form) -> None:
    problem = load(name)
    again = read_text(dump(problem, form), form=form)
    assert again == problem
    assert again.hash == problem.hash


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize("seed", range(50))
def test_a_generated_problem_reads_back_equal(seed: int, form: Form) -> None:
    problem = random_problem(seed)
    assert read_text(dump(problem, form), form=form) == problem


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_text_that_looks_like_something_else_reads_back_as_text(
    depot_data: dict[str, Any], form: Form
) -> None:
    odd = ["1e5", "09", "0x1F", "1_0", "no", "~", "null", "=", "<<", "2026-01-01", ".inf", "12:30"]
    odd += [
        "true",
        "- a",
        "a: b",
        "# c",
        "!x",
        "*x",
        "&x",
        "%",
        "@",
        "`",
        "'",
        '"',
        "{",
        "😀",
        "日本",
    ]
    offers = [
        depot_data["offers"][0] | {"id": f"o{place}", "supplier": text}
        for place, text in enumerate(odd)
    ]
    offers += [depot_data["offers"][0] | {"id": id} for id in ("1e5", "09", "NO", "2026", "0")]
    about = "several\nlines, a tab\there\n\nand a space without break: 5\u00a0t"
    depot_data["rules"] = []
    problem = parse(depot_data | {"offers": offers, "about": about})
    again = read_text(dump(problem, form), form=form)
    assert again == problem
    assert [offer.supplier for offer in again.offers[: len(odd)]] == odd


def test_yaml_is_written_for_people(depot_data: dict[str, Any]) -> None:
    depot_data["offers"][0] |= {"price": {2026: 100, "2027-07-01": 120}, "start": "2026-03-01"}
    text = dump(parse(depot_data))
    assert "price: {2026: 100.0, '2027-07-01': 120.0}" in text
    assert "start: 2026-03-01" in text
    assert "length: 1 yr" in text
    assert text.startswith("schema: 1\nname: depot\n")


def test_json_is_plain_data(problem: Problem) -> None:
    assert json.loads(dump(problem, "json")) == problem.to_plain()


def test_a_file_is_written_by_its_ending(tmp_path: Path, problem: Problem) -> None:
    for name in ("a.yaml", "b.json", "c"):
        write(problem, tmp_path / name)
        assert read(tmp_path / name) == problem
    assert (tmp_path / "b.json").read_text().startswith("{")
    assert (tmp_path / "c").read_text().startswith("schema: 1")


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path, problem: Problem) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("mine")
    with pytest.raises(InputError) as caught:
        write(problem, file)
    (finding,) = caught.value.findings
    assert finding.where == str(file)
    assert finding.what == "exists already"
    assert finding.remedy is not None
    assert file.read_text() == "mine"
    write(problem, file, force=True)
    assert read(file) == problem
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


def test_a_file_that_cannot_be_placed_leaves_nothing(tmp_path: Path, problem: Problem) -> None:
    (tmp_path / "a.yaml").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write(problem, tmp_path / "a.yaml", force=True)
    with pytest.raises(InputError, match="cannot be written"):
        write(problem, tmp_path / "none" / "a.yaml")
    with pytest.raises(InputError, match="cannot be written"):
        write(problem, tmp_path / "a\0b.yaml")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


def test_text_that_cannot_be_encoded_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_text("half a pair: \ud800", tmp_path / "a.yaml")
    assert list(tmp_path.iterdir()) == []


def test_a_name_taken_by_another_program_meanwhile_is_kept(
    tmp_path: Path, problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    fsync_done: list[int] = []

    def taken(descriptor: int) -> None:
        fsync_done.append(descriptor)
        file.write_text("theirs")

    monkeypatch.setattr("os.fsync", taken)
    with pytest.raises(InputError, match="exists already"):
        write(problem, file)
    assert fsync_done
    assert file.read_text() == "theirs"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


def test_a_file_system_without_links_is_written_to_all_the_same(
    tmp_path: Path, problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write(problem, tmp_path / "a.yaml")
    assert read(tmp_path / "a.yaml") == problem
    with pytest.raises(InputError, match="exists already"):
        write(problem, tmp_path / "a.yaml")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


def test_a_written_file_has_the_usual_permissions(tmp_path: Path, problem: Problem) -> None:
    write(problem, tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_text("")
    modes = {stat.S_IMODE(entry.stat().st_mode) for entry in tmp_path.iterdir()}
    assert len(modes) == 1


def test_what_is_written_holds_no_alias(problem: Problem) -> None:
    shared = problem.offers[0].model_copy(update={"id": "again"})
    twice = problem.model_copy(update={"offers": (*problem.offers, shared)})
    assert plain_of(dump(twice))["offers"][2]["id"] == "again"
