"""Which supplies a plan uses up, and what a hundredth more of each would save, by a solve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.edit import Edit, apply
from models.build import build
from optimizer.compile import compile_frame
from optimizer.engine.program import Program
from optimizer.sheet.plan import goods_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from optimizer.answer import Watch
    from optimizer.options import Options
    from optimizer.result import Result
    from optimizer.sheet.looks import Looks

MORE = 0.01
"""How much more of a supply is tried."""
MOST_SCARCE = 5
"""Supplies that are tried, those on which most is spent first."""
FULL = 1e-6
"""Part of a supply that may be left where it is used up."""


@dataclass(frozen=True, slots=True)
class Scarce:
    """An offer that the plan buys up.

    Parameters
    ----------
    offer, name
        Which.
    nodes
        Where nothing of it is left.
    saving_usd
        What the least cost falls by with `MORE` of its capacity at all dates; ``None`` where that
        was not solved.
    gap_usd
        How far above the least either cost may lie: 0 for a linear program.
    reason
        Why there is no saving.
    """

    offer: str
    name: str
    nodes: tuple[str, ...]
    saving_usd: float | None
    gap_usd: float
    reason: str | None


def scarce_of(
    result: Result,
    full: Mapping[str, tuple[str, ...]],
    options: Options,
    watch: Watch,
    looks: Looks,
) -> tuple[Scarce, ...]:
    """Return the offers that are bought up, those whose capacity is worth most first.

    Parameters
    ----------
    full
        The offers that are looked at, as `bought_up`.
    """
    problem = result.problem
    offers = {offer.id: offer for offer in problem.offers}
    found = []
    for name in full:
        offer = offers[name]
        text = goods_from(problem, name)
        if watch.over:
            found.append(Scarce(name, text, full[name], None, 0.0, "time ran out"))
            continue
        slices = (f".tranches[{place}]" for place in range(len(offer.slices)))
        paths = [
            f"offers[{name}]{part}.capacity"
            for part in ([""] if offer.tranches is None else slices)
        ]
        edits = [Edit(select=path, action="multiply", value=1 + MORE) for path in paths]
        larger = apply(problem, edits)
        answer = Program.of(larger.realised, compile_frame(build(larger)), options).run(watch)
        looks.taken()
        if answer.objective is None or result.objective is None:
            reason = f"the solve ends {answer.status}"
            found.append(Scarce(name, text, full[name], None, 0.0, reason))
            continue
        gap = (result.gap or 0.0) * abs(result.objective)
        gap += (answer.gap or 0.0) * abs(answer.objective)
        saving = result.objective - answer.objective
        saving = 0.0 if abs(saving) <= 1e-9 * abs(result.objective) else saving
        found.append(Scarce(name, text, full[name], saving, gap, None))
    return tuple(sorted(found, key=lambda item: (-(item.saving_usd or 0.0), item.offer)))


def bought_up(result: Result) -> dict[str, tuple[str, ...]]:
    """Return the offers of which nothing is left at some node, contracts apart, with the nodes.

    They are those on which most is spent, `MOST_SCARCE` at most.
    """
    problem = result.problem
    offers = {offer.id: offer for offer in problem.offers}
    matrices = compile_frame(build(problem))
    index = matrices.variables["buy"]
    upper = matrices.upper[matrices.span("buy")].tolist()
    keys = zip(*(index.column(dim) for dim in ("offer", "tranche", "node")), strict=True)
    room: dict[tuple[str, str], float] = {}
    for (offer, tranche, node), most in zip(keys, upper, strict=True):
        if int(str(tranche)) < len(offers[str(offer)].slices):
            key = str(offer), str(node)
            room[key] = room.get(key, 0.0) + most
    table = result.purchases
    own = table[table["contract"].isna()]
    bought: dict[tuple[str, str], float] = {}
    for offer, node, tonnes in own[["offer", "node", "bought_t"]].itertuples(index=False):
        bought[offer, node] = bought.get((offer, node), 0.0) + tonnes
    found: dict[str, list[str]] = {}
    for (name, at), tonnes in bought.items():
        most = room.get((name, at), 0.0)
        if 0 < most < float("inf") and tonnes >= (1 - FULL) * most:
            found.setdefault(name, []).append(at)
    order = {node.id: place for place, node in enumerate(problem.nodes)}
    spent = table.groupby("offer")["cost_usd"].sum().to_dict()
    first = sorted(found, key=lambda name: (-spent[name], name))[:MOST_SCARCE]
    return {name: tuple(sorted(found[name], key=order.__getitem__)) for name in first}
