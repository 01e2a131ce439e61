"""The shipped instances: problems with published data, their sources and their assumptions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, UnknownInstance, nearest_name, shortened
from instances.fields import labels, step
from instances.parse import parse
from instances.periods import timeline
from instances.problem import TABLES, Problem
from instances.read import plain_of
from instances.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

_FILE = "problem.yaml"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that has no source.

    Parameters
    ----------
    where
        Path of the record, or of its field: ``offers[cn-ga].price``.
    reason
        Why the number is what it is.
    """

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a problem is about and what it rests on.

    Parameters
    ----------
    name, about
        As the problem gives them.
    start, end
        First day of the horizon and the day after the last, in ISO form.
    periods
        Number of periods.
    counts
        Number of records by table; empty tables left out.
    sources
        Where numbers come from: id, title, publisher, licence, note.
    assumptions
        Every number that has no source.
    readme
        The text that comes with a shipped instance, "" without one.
    """

    name: str
    about: str
    start: str
    end: str
    periods: int
    counts: dict[str, int]
    sources: tuple[dict[str, str], ...]
    assumptions: tuple[Assumption, ...]
    readme: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Return the description as plain data."""
        return asdict(self)


@lru_cache(maxsize=1)
def _folders() -> dict[str, Traversable]:
    """Return the folder of each instance by name: of real problems, and of classics."""
    data = files("instances") / "data"
    return {
        entry.name: entry
        for shelf in (data, data / "classics")
        for entry in shelf.iterdir()
        if (entry / _FILE).is_file()
    }


def instance_names() -> tuple[str, ...]:
    """Return the names of the shipped instances, in alphabetical order."""
    return tuple(sorted(_folders()))


def load(name: str) -> Problem:
    """Return a shipped instance.

    Parameters
    ----------
    name
        One of `instance_names`.

    Raises
    ------
    UnknownInstance
        There is none of that name.
    """
    names = instance_names()
    if name not in names:
        raise UnknownInstance(
            [
                Finding(
                    "",
                    "no shipped instance has that name",
                    shortened(name),
                    nearest_name(str(name)[:80], names),
                    f"There are: {', '.join(names)}.",
                )
            ]
        )
    return _load(name)


@lru_cache(maxsize=32)
def _load(name: str) -> Problem:
    # a problem is frozen, so that all may share it
    text = (_folders()[name] / _FILE).read_text(encoding="utf-8")
    return parse(plain_of(text, f"{name}/{_FILE}", "yaml"))


def describe(name: str) -> Description:
    """Return what a shipped instance is about and rests on; parameters and errors as `load`."""
    problem = load(name)
    readme = _folders()[name] / "README.md"
    return described(problem, readme.read_text(encoding="utf-8") if readme.is_file() else "")


def described(problem: Problem, readme: str = "") -> Description:
    """Return what a problem is about and what it rests on.

    Parameters
    ----------
    problem
        Any problem.
    readme
        A text that comes with it.
    """
    periods = timeline(problem.periods)
    return Description(
        name=problem.name,
        about=problem.about,
        start=periods[0].start.isoformat(),
        end=periods[-1].end.isoformat(),
        periods=len(periods),
        counts={table: count for table in TABLES if (count := len(getattr(problem, table)))},
        sources=tuple(
            {
                "id": source.id,
                "title": source.title,
                "publisher": source.publisher,
                "licence": source.licence,
                "note": source.note,
            }
            for source in problem.sources
        ),
        assumptions=tuple(assumptions(problem)),
        readme=readme,
    )


def assumptions(problem: Problem) -> Iterator[Assumption]:
    """Yield every number of a problem that rests on an assumption, in the order of its tables."""
    if problem.periods.assumption is not None:
        yield Assumption("periods", problem.periods.assumption)
    if problem.discount.assumption is not None:
        yield Assumption("discount", problem.discount.assumption)
    for table in TABLES:
        records = [item for item in getattr(problem, table) if isinstance(item, Record)]
        for label, record in zip(labels(item.id for item in records), records, strict=True):
            yield from _assumed(f"{table}[{label}]", record)


def _assumed(where: str, record: Record) -> Iterator[Assumption]:
    """Yield the assumptions of a record, and those of the records it holds."""
    if isinstance(record.assumption, dict):
        for name, reason in record.assumption.items():
            yield Assumption(step(where, name), reason)
    elif record.assumption is not None:
        yield Assumption(where, record.assumption)
    for name in type(record).model_fields:
        held = getattr(record, name)
        for item in held if isinstance(held, tuple) else ():
            if isinstance(item, Record):
                yield from _assumed(f"{where}.{name}[{item.id}]", item)
