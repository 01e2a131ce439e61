"""Apart: a pool as separate stockpiles, one for each of its members."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from instances.rules import StockTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.problem import Problem
    from instances.schedule import Schedule
    from instances.stockpile import Member, Stockpile


def apart(problem: Problem, pool: str) -> Problem:
    """Return ``problem`` with a stockpile of its own for each member of ``pool``.

    They stand where the pool stands and each member has its share of the opening stock, the
    capacity and the rates of filling and drawing; a target in tonnes is split likewise, one in
    days covers the member's own demand. Nobody draws what is another's.

    Parameters
    ----------
    pool
        Id of a stockpile with members.
    """
    store = next(item for item in problem.stockpiles if item.id == pool)
    ids = {member.country: f"{pool}-{member.country}" for member in store.members}
    stores: list[Stockpile] = []
    for item in problem.stockpiles:
        stores += (
            [_own(store, member, ids[member.country]) for member in store.members]
            if item.id == pool
            else [item]
        )
    funds = [
        item.model_copy(
            update={
                "stockpiles": tuple(
                    name
                    for old in item.stockpiles
                    for name in (ids.values() if old == pool else (old,))
                )
            }
        )
        for item in problem.funds
    ]
    rules: list[Any] = []
    for rule in problem.rules:
        if isinstance(rule, StockTarget) and rule.stockpile == pool:
            rules += _targets(problem, store, rule, ids)
        else:
            rules.append(rule)
    changed = problem.model_copy(
        update={"stockpiles": tuple(stores), "funds": tuple(funds), "rules": tuple(rules)}
    )
    # references are checked anew, and nothing that was worked out for the old one stays
    return type(problem).model_validate(changed.to_plain())


def _own(store: Stockpile, member: Member, id: str) -> Stockpile:
    part = member.share
    return store.model_copy(
        update={
            "id": id,
            "opening": part * store.opening,
            "capacity": None if store.capacity is None else part * store.capacity,
            "fill_rate": _scaled(store.fill_rate, part),
            "draw_rate": _scaled(store.draw_rate, part),
            "market_share": None if store.market_share is None else part * store.market_share,
            "loan_days": None,
            "members": (member.model_copy(update={"share": 1.0, "borrowing": None}),),
        }
    )


def _targets(
    problem: Problem, store: Stockpile, rule: StockTarget, ids: dict[str, str]
) -> Iterator[StockTarget]:
    """Yield a target for each member, but for members without a demand that it covers."""
    served = {demand.id: demand.country for demand in problem.demand}
    for member in store.members:
        own = tuple(name for name in rule.demand or () if served[name] == member.country)
        if rule.demand is not None and not own:
            continue
        yield rule.model_copy(
            update={
                "id": f"{rule.id}-{member.country}",
                "stockpile": ids[member.country],
                "tonnes": _scaled(rule.tonnes, member.share),
                "demand": own or None,
            }
        )


def _scaled(schedule: Schedule | None, factor: float) -> Schedule | None:
    if schedule is None:
        return None
    points = tuple((day, factor * value) for day, value in schedule.points)
    return replace(schedule, points=points)
