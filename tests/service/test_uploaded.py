"""Problems in files that a request carries: as the command line reads them, and nothing else."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

import instances
from instances.errors import InputError
from instances.folder import write_folder
from instances.workbook import workbook_bytes
from instances.write import yaml_of
from service.examples import READ_FILES, TINY
from service.uploaded import Uploaded, read_uploaded

if TYPE_CHECKING:
    from pathlib import Path

PROBLEM = instances.parse(TINY)


def packed(content: bytes) -> dict[str, str]:
    """Return bytes as a request carries them."""
    return {"base64": base64.b64encode(content).decode()}


def zipped(files: dict[str, str]) -> bytes:
    """Return a zip of texts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return stream.getvalue()


def findings(files: Any, limit: int = 32_000_000) -> list[str]:
    """Return what is found wrong with files, each as one line."""
    with pytest.raises(InputError) as raised:
        read_uploaded({"files": files}, limit)
    return [f"{item.where} {item.what}" for item in raised.value.findings]


@pytest.fixture
def folder(tmp_path: Path) -> dict[str, str]:
    """The files of a folder that holds the problem, as a browser names them."""
    write_folder(PROBLEM, tmp_path / "mine")
    return {f"mine/{file.name}": file.read_text() for file in (tmp_path / "mine").iterdir()}


def test_every_form_is_read_as_the_command_line_does(folder: dict[str, str]) -> None:
    text = yaml_of(PROBLEM.to_plain())
    book = packed(workbook_bytes(PROBLEM))
    hidden = {"__MACOSX/mine/._manifest.yaml": "\0", "mine/.DS_Store": "\0", "mine/notes.md": "a"}
    for files in (
        {"p.yaml": text},
        {"p.yml": packed(b"\xef\xbb\xbf" + text.encode())},
        {"p.xlsx": book},
        folder,
        {"p.zip": packed(zipped(folder | hidden))},
        {"p.zip": packed(zipped({"p.yaml": text, "readme.txt": "a"}))},
    ):
        assert read_uploaded({"files": files}) == Uploaded(PROBLEM), list(files)


def test_faults_of_all_tables_are_said_at_once_with_file_row_and_column() -> None:
    files = dict(READ_FILES["files"])
    files["two-sellers/offers.csv"] = (
        "id,supplier,country,commodity,price [USD/t]\na,A,CHN,gallium,cheap\n"
    )
    files["two-sellers/demnd.csv"] = files.pop("two-sellers/demand.csv")
    said = findings(files)
    assert any(
        line.startswith("two-sellers/offers.csv: row 2, column E 'price [USD/t]'") for line in said
    )
    assert "two-sellers/demnd.csv is not a table of a problem" in said


@pytest.mark.parametrize(
    "name",
    ["../p.yaml", "/p.yaml", "a/../p.yaml", "C:/p.yaml", "a\\p.yaml", "", "a//p", "p\n.yaml"],
)
def test_names_that_lead_out_of_the_folder_are_refused(name: str) -> None:
    wrong = "holds a name that is no path within a folder"
    assert findings({name: "name: a"}) == [f"files {wrong}"]
    if name:
        assert (
            findings({"p.zip": packed(zipped({name: "a", "q.yaml": "b"}))})[0] == f"p.zip {wrong}"
        )


def test_what_would_unpack_to_too_much_is_refused_before_it_is() -> None:
    bomb = zipped({"p.yaml": "a" * 5_000_000})
    assert len(bomb) < 10_000
    assert findings({"p.zip": packed(bomb)}, limit=1_000_000) == [
        "p.zip holds more than 1 MB once unpacked"
    ]
    assert findings({"p.yaml": "a" * 11}, limit=10)[0].startswith("files holds more than")
    assert findings({"p.zip": packed(zipped({f"{n}.csv": "" for n in range(1001)}))}) == [
        "p.zip holds more than 1000 files"
    ]
    # an archive that understates what an entry unpacks to is damaged
    lying = bomb.replace((5_000_000).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    assert findings({"p.zip": packed(lying)})[0].startswith("p.zip is no zip that can be read")


def test_archives_that_cannot_be_trusted_are_refused() -> None:
    assert findings({"p.zip": packed(b"PK nothing")})[0].startswith("p.zip is no zip")
    locked = bytearray(zipped({"p.yaml": "name: a"}))
    # the flags of the entry in the directory at the end
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert findings({"p.zip": packed(bytes(locked))}) == ["p.zip: p.yaml is locked by a password"]
    twice = zipped({"p.yaml": "a", "q.yaml": "b"}).replace(b"q.yaml", b"p.yaml")
    assert findings({"p.zip": packed(twice)}) == ["p.zip: p.yaml is there twice"]


def test_which_file_is_meant_is_never_guessed() -> None:
    assert findings({"a.yaml": "", "b.json": ""}) == ["files could be the problem each"]
    assert findings({"a/manifest.yaml": "", "b/manifest.yaml": ""}) == [
        "files hold a problem each"
    ]
    assert findings({"a.pdf": packed(b"%PDF")}) == ["files hold no problem"]
    assert findings({"mine/offers.csv": "id\n"})[0] == "mine/manifest.yaml does not exist"


def test_of_a_document_around_a_problem_the_problem_is_taken() -> None:
    plain = PROBLEM.to_plain()
    result = {"name": "a", "status": {}, "problem": plain, "tables": {}, "bound_usd": 1}
    order = {"kind": "solve", "problem": plain, "edits": ["offers[au].price=40"]}
    more = "p.json is more than a problem: the problem in it was taken"
    for document, note in (
        (result, "p.json is a result: the problem in it was taken."),
        ({"result": result, "run": {}}, "p.json is a result: the problem in it was taken."),
        ({"problem": plain, "levers": []}, f"{more}."),
        (order, f"{more}, without the edits beside it."),
    ):
        read = read_uploaded({"files": {"p.json": json.dumps(document)}})
        assert read == Uploaded(PROBLEM, note)
    # faults of the problem within are told as those of any other
    del plain["periods"]
    assert findings({"p.json": json.dumps(result)})[0].startswith("periods ")
    # a problem with a key too many is none of these documents
    assert findings({"p.json": json.dumps(PROBLEM.to_plain() | {"problem": {}})}) == [
        "problem is not a field here"
    ]


def test_what_is_no_problem_at_all_is_said_once() -> None:
    for document, what in (
        ({"type": "FeatureCollection", "features": []}, "seems to be a map (GeoJSON), not a"),
        ({"status": {}, "tables": {}, "name": "a", "gap": 0}, "seems to be a result without its"),
        ({"lorem": 1, "ipsum": 2}, "is no problem: 2 of its 2 keys are none of a problem's"),
    ):
        (found,) = findings({"p.json": json.dumps(document)})
        assert found.startswith(f"p.json {what}"), found
    # with most keys known every fault is told
    assert len(findings({"p.json": json.dumps({"name": "a", "periodes": {}, "demand": 1})})) > 1


def test_what_is_no_set_of_files_is_refused() -> None:
    for wrong in (None, {}, [], "p.yaml"):
        assert findings(wrong) == ["files must be an object of file names with their texts"]
    for content in (1, None, {"base64": 1}, {"base64": "?"}, {"base64": "", "more": ""}):
        assert findings({"p.zip": content}) == [
            'files[p.zip] must be a text, or {"base64": "..."}'
        ]
    assert findings({"p.yaml": "\ud800"})[0].startswith("p.yaml is not UTF-8 text")
    assert findings({"p.yaml": "a: !!python/object:os.system {}"})
    with pytest.raises(InputError, match="is not known"):
        read_uploaded({"file": {}})
