"""The problem: what is needed, what is on offer, and which rules the plan must keep. Frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from instances.accounts import Discount, MoneyView, Perspective
from instances.contract import Contract
from instances.directory import Directory, countries_of
from instances.errors import InputError
from instances.expansion import Expansion
from instances.facility import Facility
from instances.fund import Fund
from instances.goals import Goals
from instances.in_transit import InTransit
from instances.network import Commodity, Country, Demand, Group, Lane, Outlet
from instances.periods import Periods
from instances.price_floor import MinimumImportPrice, PriceFloor
from instances.record import CountryCode, Id, LongText, Part, Source, Whole, with_fields
from instances.recycling import Recycling
from instances.references import reference_findings
from instances.rules import Rule, Survival
from instances.scenarios.branch import Branch, branches_of
from instances.scenarios.cut_offs import courses_of, cut_offs_of, nodes_of, survival_rules
from instances.scenarios.declared import among
from instances.scenarios.event import Event
from instances.scenarios.realised import realised
from instances.scenarios.risk import Risk
from instances.scenarios.scenario import Combination, Scenario
from instances.stockpile import Stockpile
from instances.substitution import Substitution
from instances.supply import Offer, Tranche
from instances.tariff import Tariff
from instances.tree import Node, grow
from instances.words import Names

if TYPE_CHECKING:
    from instances.scenarios.cut_off import CutOff

SCHEMA = 1
TABLES = (
    "countries",
    "groups",
    "sources",
    "commodities",
    "offers",
    "contracts",
    "facilities",
    "expansions",
    "lanes",
    "demand",
    "recycling",
    "substitutions",
    "outlets",
    "stockpiles",
    "funds",
    "in_transit",
    "price_floors",
    "minimum_import_prices",
    "tariffs",
    "rules",
    "events",
    "combinations",
    "scenarios",
)


def groups_listed(groups: Any) -> Any:
    """Return groups as records, from ``{partners: [AUS, KAZ]}``, which is what people write."""
    if not isinstance(groups, Mapping):
        return groups
    return [
        {"id": name, **members}
        if isinstance(members, Mapping)
        else {"id": name, "members": members}
        for name, members in groups.items()
    ]


class Problem(Part):
    """A sourcing problem: the same object in the file, in the request body and in the notebook.

    Mass is tonnes, money real US dollars of ``base_year``, shares are fractions of 1, rates per
    year. Building one directly raises pydantic's ValidationError; `instances.parse` raises
    `InputError` with every finding.
    """

    schema_version: Literal[1] = Field(default=1, alias="schema")
    name: Id
    about: LongText = ""
    base_year: Whole | None = Field(default=None, ge=1900, le=2200)
    """Year whose dollars are meant."""
    buyers: tuple[CountryCode, ...] = ()
    """Countries on whose behalf the problem is posed; each needs something or keeps a stock."""
    countries: tuple[Country, ...] = ()
    groups: tuple[Group, ...] = ()
    sources: tuple[Source, ...] = ()
    periods: Periods
    discount: Discount = Discount()
    perspective: Perspective = "buyer"
    """Whose cost is minimised."""
    money: MoneyView = "resource"
    """What funded stock costs: its purchases and no finance, or what is paid into its fund."""
    goals: Goals = ("cost",)
    """What a solve seeks, in order, each goal held while the next is sought: ``shortfall`` (by
    class of demand), ``cost``, ``concentration``, with the fraction by which it may give way, as
    in ``cost:1%``. An option of the solve wins."""
    commodities: tuple[Commodity, ...] = Field(min_length=1)
    offers: tuple[Offer, ...] = ()
    contracts: tuple[Contract, ...] = ()
    facilities: tuple[Facility, ...] = ()
    expansions: tuple[Expansion, ...] = ()
    lanes: tuple[Lane, ...] = ()
    demand: tuple[Demand, ...] = ()
    recycling: tuple[Recycling, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    stockpiles: tuple[Stockpile, ...] = ()
    funds: tuple[Fund, ...] = ()
    in_transit: tuple[InTransit, ...] = ()
    price_floors: tuple[PriceFloor, ...] = ()
    minimum_import_prices: tuple[MinimumImportPrice, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    rules: tuple[Rule, ...] = ()
    events: tuple[Event, ...] = ()
    combinations: tuple[Combination, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    risk: Risk | None = None
    """How costs of scenarios are weighed; their mean is minimised if not given."""

    @field_validator("groups", mode="before")
    @classmethod
    def _groups_by_name(cls, value: Any) -> Any:
        return groups_listed(value)

    @model_validator(mode="after")
    def _references(self) -> Self:
        findings = reference_findings(self)
        if findings:
            raise InputError(findings)
        return self

    @cached_property
    def directory(self) -> Directory:
        """What the names in rules stand for."""
        return Directory(
            groups=countries_of(self.groups, self._origins()),
            stages={commodity.id: commodity.stage for commodity in self.commodities},
            materials={item.id: item.material or item.id for item in self.commodities},
            contents={item.id: item.content for item in self.commodities},
            governance={
                item.id: item.governance for item in self.countries if item.governance is not None
            },
            needed=tuple(
                dict.fromkeys((item.commodity, item.demand_class) for item in self.demand)
            ),
            sellers={
                **{(item.country, item.supplier): item.owners for item in self.offers},
                **{(item.country, item.id): item.owners for item in self.facilities},
            },
        )

    def _origins(self) -> frozenset[str]:
        """Return every country that goods or their ore may come from, or pass."""
        found = {item.country for item in self.offers}
        found |= {item.country for item in self.facilities}
        found |= {item.country for item in self.recycling}
        found |= {code for offer in self.offers for code in (offer.ore, *offer.via) if code}
        for store in self.stockpiles:
            found |= {code for code in (store.opening_country, store.opening_ore) if code}
        for cargo in self.in_transit:
            found |= {code for code in (cargo.seller, cargo.ore) if code}
        return frozenset(found)

    @cached_property
    def funded(self) -> Mapping[str, Stockpile]:
        """Stockpiles that a fund pays for, by id."""
        paid = {name for fund in self.funds for name in fund.stockpiles}
        return {store.id: store for store in self.stockpiles if store.id in paid}

    @cached_property
    def names(self) -> Names:
        """Words for the ids of this problem."""
        return Names(
            commodities={item.id: item.name for item in self.commodities if item.name},
            countries={item.id: item.name for item in self.countries if item.name},
            groups=frozenset(item.id for item in self.groups),
        )

    @cached_property
    def ways_to_buy(self) -> Mapping[str, tuple[Tranche | Contract, ...]]:
        """Offer id to its tranches, then the contracts on it: what ``tranche`` counts."""
        contracts: dict[str, list[Contract]] = {}
        for contract in self.contracts:
            contracts.setdefault(contract.offer, []).append(contract)
        return {offer.id: (*offer.slices, *contracts.get(offer.id, ())) for offer in self.offers}

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """Every course that things may take; one where there are no scenarios."""
        return branches_of(self.events, self.scenarios, self.combinations)

    @cached_property
    def cut_offs(self) -> tuple[CutOff, ...]:
        """What survival rules ask to be survived; nothing without such rules."""
        return cut_offs_of(self)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The tree's nodes, parents first; in each period those of cut-offs last."""
        nodes = grow(self.periods, self.branches)
        if not self.cut_offs:
            return nodes
        found = [*nodes, *nodes_of(self, nodes, self.cut_offs)]
        found.sort(key=lambda node: (node.period.start, node.cut_off is not None, node.id))
        return tuple(found)

    @cached_property
    def courses(self) -> tuple[Branch, ...]:
        """Every branch, and what happens in cut-offs: all that a node may belong to."""
        if not self.cut_offs:
            return self.branches
        return (*self.branches, *courses_of(self, self.nodes))

    @cached_property
    def without_cut_offs(self) -> Self:
        """The problem of what may come about: without what must only be survived."""
        if not survival_rules(self):
            return self
        rules = tuple(rule for rule in self.rules if not isinstance(rule, Survival))
        found = with_fields(self, rules=rules)
        if self.__dict__.get("realised") is self:
            found.__dict__["realised"] = found
        return found

    @cached_property
    def realised(self) -> Self:
        """The problem with schedules that tell what holds in each branch."""
        made = realised(self)
        # what is realised is not realised again
        made.__dict__["realised"] = made
        return made

    def under(self, branch: Branch) -> Self:
        """Return the problem in which a branch is all that can happen, known from the start."""
        certain = tuple(with_fields(event, certain=True) for event in branch.events)
        stores = among(self.stockpiles, certain)
        return with_fields(self, events=certain, scenarios=(), combinations=(), stockpiles=stores)

    def to_plain(self) -> dict[str, Any]:
        """Return the problem as plain data (what a file holds), defaults left out."""
        plain = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        for record, rule in zip(plain.get("rules", ()), self.rules, strict=False):
            record["kind"] = rule.kind
        return {"schema": SCHEMA} | plain

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the problem's content: equal content, equal hash."""
        text = json.dumps(
            self.to_plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(text.encode()).hexdigest()
