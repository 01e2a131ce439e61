from __future__ import annotations

import json
import os
import stat
import time
from pathlib import Path

import pytest

from instances.errors import Finding, InputError, ReadError
from instances.read import LIMIT, plain_of, read, read_text, text_of

PROBLEM = """
name: tiny
periods: {start: 2026-01-01, count: 1, length: 1 yr}
commodities: [{id: metal, stage: metal, basis: product}]
"""


def refused(path: Path, limit: int = LIMIT) -> Finding:
    with pytest.raises(ReadError) as caught:
        read(path, limit)
    (finding,) = caught.value.findings
    assert finding.remedy is not None
    return finding


def test_a_file_is_read_by_its_ending_or_else_by_its_content(tmp_path: Path) -> None:
    problem = read_text(PROBLEM)
    as_json = json.dumps(problem.to_plain())
    for name, text in {
        "a.yaml": PROBLEM,
        "b.YML": PROBLEM,
        "c.json": as_json,
        "d.txt": as_json,
        "e": PROBLEM,
        # YAML holds JSON
        "f.yaml": as_json,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert read(tmp_path / name) == problem
        assert read(str(tmp_path / name)) == problem


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PROBLEM, encoding="utf-8-sig")
    assert read(tmp_path / "a.yaml").name == "tiny"
    assert read_text("\ufeff" + PROBLEM).name == "tiny"


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "gallium.yaml").write_text(PROBLEM)
    finding = refused(tmp_path / "galium.yaml")
    assert finding.where == str(tmp_path / "galium.yaml")
    assert finding.what == "does not exist"
    assert finding.nearest == "gallium.yaml"
    assert refused(tmp_path / "no-folder" / "gallium.yaml").what == "does not exist"


def test_a_folder_without_a_manifest_is_no_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    assert any("manifest.yaml" in item.where for item in caught.value.findings)


def test_a_file_that_may_not_be_read_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(PROBLEM)
    file.chmod(0)
    if os.access(file, os.R_OK):
        # the superuser may read anything; a search through a file fails for anyone
        assert "cannot be opened" in refused(file / "b.yaml").what
    else:
        assert refused(file).what == "may not be read"
    file.chmod(stat.S_IRUSR | stat.S_IWUSR)


def test_names_that_no_file_can_have_are_told_so(tmp_path: Path) -> None:
    assert "cannot be opened" in refused(tmp_path / ("x" * 300)).what
    assert "cannot be opened" in refused(tmp_path / "a\0b").what


def test_a_file_of_50_mb_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    began = time.process_time()
    assert refused(file).what == "is larger than 32 MB"
    assert time.process_time() - began < 5


def test_the_limit_is_a_parameter(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(PROBLEM)
    size = file.stat().st_size
    assert read(file, size).name == "tiny"
    assert "is larger than" in refused(file, size - 1).what


def test_a_device_without_end_is_too_large() -> None:
    assert refused(Path("/dev/zero"), 1000).what == "is larger than 0.001 MB"


@pytest.mark.parametrize(
    "content",
    [b"\x89PNG\r\n\x1a\n\xff", PROBLEM.encode("utf-16"), "name: Gössendorf".encode("latin-1")],
)
def test_a_file_that_is_not_utf8_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(content)
    assert "is not UTF-8 text: byte " in refused(tmp_path / "a.yaml").what


def test_null_signs_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"name: a\0b")
    assert "null signs" in refused(tmp_path / "a.yaml").what


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(ReadError, match="half a pair"):
        plain_of("name: \ud800")


def test_faults_of_the_problem_come_with_paths_into_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PROBLEM + "horizon: 5\n")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.yaml")
    assert not isinstance(caught.value, ReadError)
    assert [finding.where for finding in caught.value.findings] == ["horizon"]


def test_faults_of_the_text_come_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(PROBLEM + "name: again\n")
    finding = refused(file)
    assert finding.where == f"{file}: line 5, column 1"
    assert "the first is on line 2" in finding.what


def test_the_text_of_a_file_is_all_of_it(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Gössendorf\r\n".encode())
    assert text_of(file) == "Gössendorf\r\n"
