"""Where the checks of references look names up: the problem, and what its input holds besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, nearest_name, shortened
from instances.fields import labels
from instances.words import country_code, country_codes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from instances.problem import Problem

MOST_SEARCHES = 100
"""Searches for a nearest name per problem: they take time, and few findings are read."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an input holds beyond its valid records, so that one fault is not told twice.

    Parameters
    ----------
    ids
        By table, the ids of records that are there but faulty; "" stands for one that cannot be
        read. What depends on all records of such a table is not checked.
    suppliers
        Suppliers of faulty offers; "" stands for one that cannot be read.
    labels
        By table, what to call each valid record; made from their ids if not given.
    horizon
        Whether the periods could be read; nothing about dates is checked otherwise.
    """

    ids: Mapping[str, Collection[str]] = field(default_factory=dict)
    suppliers: Collection[str] = ()
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    horizon: bool = True


class Scope:
    """A problem under check.

    Parameters
    ----------
    problem
        Every record valid in itself.
    known
        What the input holds besides.
    """

    def __init__(self, problem: Problem, known: Known) -> None:
        self.problem = problem
        self.known = known
        self._labels: dict[str, Sequence[str]] = dict(known.labels)
        self._ids: dict[str, frozenset[str]] = {}
        self._searches: dict[tuple[str, int], str | None] = {}

    def tables(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield the tables that hold records with ids, by name."""
        for name in type(self.problem).model_fields:
            records = getattr(self.problem, name)
            if isinstance(records, tuple) and records and hasattr(records[0], "id"):
                yield name, records

    def where(self, table: str, place: int) -> str:
        """Return the path of a record: ``offers[cn-ga]``."""
        if table not in self._labels:
            self._labels[table] = labels(record.id for record in getattr(self.problem, table))
        return f"{table}[{self._labels[table][place]}]"

    def ids(self, table: str) -> frozenset[str]:
        """Return the ids of a table, those of faulty records among them."""
        if table not in self._ids:
            own = (record.id for record in getattr(self.problem, table))
            self._ids[table] = frozenset(own) | frozenset(self.known.ids.get(table, ()))
        return self._ids[table]

    def complete(self, *tables: str) -> bool:
        """Return whether no record of the tables is faulty."""
        return not any(table in self.known.ids for table in tables)

    def has(self, table: str, id: str) -> bool:
        """Return whether a record of that id is there, or may be."""
        return id in self.ids(table) or "" in self.ids(table)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Country codes that may be used: those of ISO 3166 and those the problem declares."""
        return country_codes() | self.ids("countries")

    def has_country(self, code: str) -> bool:
        """Return whether ``code`` stands for a country, or may."""
        return code in self.codes or "" in self.codes

    def nearest(self, name: str, names: Collection[str]) -> str | None:
        """Return the one of ``names`` closest to ``name``, or the code of that country."""
        search = (name, hash(frozenset(names)))
        if search not in self._searches:
            if len(self._searches) >= MOST_SEARCHES:
                return None
            code = country_code(name)
            self._searches[search] = code if code in names else nearest_name(name, sorted(names))
        return self._searches[search]

    @cached_property
    def suppliers(self) -> frozenset[str]:
        """Names of those who sell or make, faulty offers and facilities among them."""
        own = (offer.supplier for offer in self.problem.offers)
        return frozenset(own) | frozenset(self.known.suppliers) | self.ids("facilities")

    @cached_property
    def places(self) -> frozenset[str]:
        """Names of groups and codes of countries."""
        return self.ids("groups") | self.codes

    @cached_property
    def parties(self) -> frozenset[str]:
        """All names a rule may have under ``of``."""
        return self.places | self.suppliers

    @cached_property
    def needy(self) -> frozenset[str]:
        """Countries with a demand or a stockpile."""
        return frozenset(
            [item.country for item in self.problem.demand]
            + [item.country for item in self.problem.stockpiles]
        )

    def unknown(self, where: str, table: str, id: str, one: str) -> Iterator[Finding]:
        """Yield a finding when no record of ``table`` has that id; ``one`` is what it names."""
        if not self.has(table, id):
            yield Finding(
                where,
                f"names {one} that does not exist",
                shortened(id),
                self.nearest(id, self.ids(table)),
                f"Declare it under '{table}', or name one that is there.",
            )

    def unknown_country(self, where: str, code: str) -> Iterator[Finding]:
        """Yield a finding when ``code`` is no country."""
        if not self.has_country(code):
            # the first letters of a code are the ones people get right
            alike = frozenset(known for known in self.codes if known[:2] == code[:2]) or self.codes
            yield Finding(
                where,
                "is neither a country code of ISO 3166-1 nor declared under 'countries'",
                shortened(code),
                self.nearest(code, alike),
                "Write its three-letter code, or declare it under 'countries' (XAA to XZZ).",
            )

    def unknown_stage(self, where: str, stage: str) -> Iterator[Finding]:
        """Yield a finding when no commodity is at ``stage``."""
        stages = {item.stage for item in self.problem.commodities}
        if stage not in stages and self.complete("commodities"):
            yield Finding(
                where,
                "names a stage that no commodity is at",
                shortened(stage),
                self.nearest(stage, stages),
                "Name the stage of a commodity.",
            )

    def unknown_class(self, where: str, demand_class: str) -> Iterator[Finding]:
        """Yield a finding when no demand is of ``demand_class``."""
        classes = {item.demand_class for item in self.problem.demand}
        if demand_class not in classes and self.complete("demand"):
            yield Finding(
                where,
                "names a class that no demand has",
                shortened(demand_class),
                self.nearest(demand_class, classes),
                "Name the demand_class of a demand.",
            )

    def without_need(self, where: str, codes: Sequence[str]) -> Iterator[Finding]:
        """Yield a finding for each buyer that needs nothing and keeps no stock."""
        if not self.complete("demand", "stockpiles"):
            return
        for place, code in enumerate(codes):
            if self.has_country(code) and code not in self.needy:
                yield Finding(
                    f"{where}[{place}]",
                    "is a buyer with neither a demand nor a stockpile",
                    code,
                    self.nearest(code, self.needy),
                    "Give it a demand or a stockpile, or take it off the list.",
                )

    def repeated(self, where: str, names: Sequence[str]) -> Iterator[Finding]:
        """Yield a finding for each name that stands twice in a list."""
        seen: set[str] = set()
        for place, name in enumerate(names):
            if name in seen:
                yield Finding(
                    f"{where}[{place}]",
                    "stands twice",
                    shortened(name),
                    remedy="Keep one of them.",
                )
            seen.add(name)
