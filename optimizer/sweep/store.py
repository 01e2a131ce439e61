"""The folder of a sweep: its design, a line for each point as it comes, tables at the end."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError
from optimizer.status import Stop
from optimizer.sweep.outcome import PointRecord

if TYPE_CHECKING:
    from pathlib import Path

    from instances.problem import Problem
    from optimizer.options import Options
    from optimizer.sweep.design import Design
    from optimizer.sweep.outcome import Sweep

SCHEMA = 1
DESIGN = "sweep.json"
POINTS = "points.jsonl"
INPUTS = "inputs.json"
CANCELLED = str(Stop.CANCELLED)


class Store:
    """Keeps the records of a sweep in a folder as they come.

    Parameters
    ----------
    folder
        Where; made if it is not there.
    problem, design, options
        What is swept: a folder of another sweep is refused.
    resume
        Whether a folder that holds records is gone on with.

    Raises
    ------
    InputError
        The folder holds a sweep already and is not resumed, or holds another one.
    """

    def __init__(
        self, folder: Path, problem: Problem, design: Design, options: Options, *, resume: bool
    ) -> None:
        self.folder = folder
        head = _head(problem, design, options)
        self.done: dict[str, PointRecord] = {}
        known = folder / DESIGN
        if known.exists():
            if not resume:
                raise _refusal(folder, "holds a sweep", "Resume it, or name another folder.")
            if json.loads(known.read_text()) != head:
                raise _refusal(
                    folder,
                    "holds another sweep: its problem, points or options differ",
                    "Name another folder, or repeat the call that began it.",
                )
            self.done = self._read()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / INPUTS).write_text(json.dumps(problem.to_plain(), indent=1) + "\n")
        self._write_points(self.done.values())
        # last: where it stands all else does
        _write_at_once(known, json.dumps(head, indent=1) + "\n")
        self._lines = (folder / POINTS).open("a")

    def add(self, record: PointRecord) -> None:
        """Keep a record; it is on disk when this returns."""
        self._lines.write(json.dumps(record.to_plain()) + "\n")
        self._lines.flush()

    def replace(self, records: tuple[PointRecord, ...]) -> None:
        """Keep these records instead of all that were kept."""
        self._lines.close()
        self._write_points(records)
        self._lines = (self.folder / POINTS).open("a")

    def close(self) -> None:
        """Close the file of records."""
        self._lines.close()

    def finish(self, sweep: Sweep) -> None:
        """Write the tables."""
        sweep.table.to_csv(self.folder / "points.csv", index=False)
        sweep.figures.to_csv(self.folder / "figures.csv", index=False)
        if sweep.bars is not None:
            sweep.bars.to_csv(self.folder / "bars.csv", index=False)
        if sweep.influence is not None:
            sweep.influence.to_csv(self.folder / "influence.csv", index=False)
        (self.folder / "summary.txt").write_text(sweep.summary() + "\n")

    def _write_points(self, records: Any) -> None:
        lines = [json.dumps(record.to_plain()) for record in records]
        text = "".join(f"{line}\n" for line in lines)
        _write_at_once(self.folder / POINTS, text)

    def _read(self) -> dict[str, PointRecord]:
        records: dict[str, PointRecord] = {}
        for line in (self.folder / POINTS).read_text().splitlines():
            try:
                record = PointRecord.from_plain(json.loads(line))
            except ValueError:
                # a line that was being written when the process ended: its point is solved again
                continue
            if record.status not in ("none", "failed", "missing") and record.stop != CANCELLED:
                records[record.point] = record
        return records


def _head(problem: Problem, design: Design, options: Options) -> dict[str, Any]:
    points = [[point.id, point.values, point.edits] for point in design.points]
    digest = hashlib.sha256(json.dumps(points).encode()).hexdigest()
    return {
        "schema": SCHEMA,
        "name": problem.name,
        "inputs_hash": problem.hash,
        "axes": [axis.name for axis in design.axes],
        "points": len(design.points),
        "points_hash": digest,
        "options": options.model_dump(mode="json"),
    }


def _write_at_once(path: Path, text: str) -> None:
    """Write a file so that whoever is killed meanwhile leaves the old one or the whole new one."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(text)
    draft.replace(path)


def _refusal(folder: Path, what: str, remedy: str) -> InputError:
    return InputError([Finding(str(folder), what, remedy=remedy)])
