"""Assumed: which numbers of a problem are assumptions, and which part of a plan rests on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances import InputError, apply, assumptions, parse_edit
from instances.check import check
from instances.fields import base_unit, fields_of, holds_map, holds_schedule, part_of, step
from instances.select import select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from instances import Problem
    from instances.record import Part
    from optimizer.result import Result

NUDGE = 1e-3
"""Costs are linear in prices: any step tells which part of them rests on some."""
DUTIES = (("lanes", "tariff"), ("tariffs", "rate"), ("events", "tariff"))
"""Fractions of a value that make a cost of their own, by table."""
SIZES = ("capacity", "available")
_TEXTS = {"id", "kind", "source", "assumption"}


def assumed_numbers(problem: Problem) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the paths of all assumed numbers with the reason of each, and what is no number.

    An assumption on a whole record stands for each of its numbers that no source is named for.
    """
    plain = problem.to_plain()
    numbers: dict[str, str] = {}
    others: list[str] = []
    for item in assumptions(problem):
        if item.where == "periods":
            # another horizon is another question
            others.append(item.where)
            continue
        record, _, field = item.where.rpartition(".")
        whole = item.where.endswith("]")
        if not whole and (record.endswith("]") or record == "discount"):
            spot = select(plain, item.where)[0]
            found = list(_numbers(item.where, spot.holder.get(field), spot.owner, spot.field))
        else:
            where = f"{item.where}." if item.where != "discount" else "discount."
            some = next(iter(plain["discount"])) if item.where == "discount" else "id"
            spot = select(plain, where + some)[0]
            found = list(_of_record(item.where, spot.holder, spot.owner))
        if not found:
            others.append(item.where)
        numbers.update(dict.fromkeys(found, item.reason))
    return numbers, tuple(others)


def _of_record(where: str, record: Mapping[str, Any], owner: type[Part]) -> Iterator[str]:
    sourced = record.get("source")
    named = set(sourced) if isinstance(sourced, dict) else set()
    for field, value in record.items():
        if field not in named and field not in _TEXTS and field in fields_of(owner):
            yield from _numbers(step(where, field), value, owner, field)


def _numbers(where: str, value: Any, owner: type[Part], field: str) -> Iterator[str]:
    """Yield the paths of the numbers in a field: one for a number over time, else each."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float) or (
        isinstance(value, dict) and holds_schedule(owner, field) and "id" not in value
    ):
        yield where
    elif isinstance(value, dict) and holds_map(owner, field):
        yield from (f"{where}.{key}" for key, one in value.items() if isinstance(one, int | float))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            part = part_of(owner, field, one)
            # a record with an assumption or a source of its own speaks for itself
            if part is not None and isinstance(one, dict) and not _TEXTS & (one.keys() - {"id"}):
                yield from _of_record(f"{where}[{one.get('id', number)}]", one, part)


def assumed_costs(result: Result, numbers: Sequence[str]) -> pd.DataFrame | None:
    """Return which part of each account rests on assumed prices, while the plan stays as it is.

    Costs are linear in prices. All that are assumed are raised by a little together, the referee
    counts the plan anew, and what an account gains in proportion is the part that rests on them.

    Parameters
    ----------
    result
        A plan.
    numbers
        Paths of the assumed numbers.

    Returns
    -------
    ``account``; ``cost_usd``, discounted, as the problem's perspective counts it; ``assumed_usd``,
    not above it in size; ``assumed_share``. ``None`` where a problem with raised prices is none.
    """
    problem, plan = result.problem, result.plan
    plain = problem.to_plain()
    prices = [path for path in numbers if _is_price(plain, path)]
    try:
        raised = apply(problem, [parse_edit(f"{path}*={1 + NUDGE}") for path in prices])
    except InputError:
        return None
    column = f"{problem.perspective}_usd"
    before = result.verdict.totals[["account", column]]
    after = check(raised, plan).totals[column]
    table = before.rename(columns={column: "cost_usd"}).reset_index(drop=True)
    # a duty of which both rate and value are assumed rises twice
    gained = ((after.to_numpy() - table["cost_usd"]) / NUDGE).abs()
    size = table["cost_usd"].abs()
    table["assumed_usd"] = gained.where(gained < size, size)
    table = table[size > 0].reset_index(drop=True)
    table["assumed_share"] = table["assumed_usd"] / table["cost_usd"].abs()
    return table


def _is_price(plain: dict[str, Any], path: str) -> bool:
    spot = select(plain, path)[0]
    duty = (path.partition("[")[0], spot.field) in DUTIES
    return duty or "USD" in (base_unit(spot.owner, spot.field) or "")


def assumed_bought(result: Result, numbers: Sequence[str]) -> float | None:
    """Return the part of the tonnes bought that come from offers of an assumed size."""
    bought = result.purchases
    offers = {path.partition("]")[0] for path in numbers if path.rpartition(".")[2] in SIZES}
    counted = [f"offers[{offer}" in offers for offer in bought["offer"]]
    return _part(bought["bought_t"], counted)


def assumed_needed(result: Result, numbers: Sequence[str]) -> float | None:
    """Return the part of the tonnes needed whose quantity is assumed."""
    needed = result.unmet
    counted = [f"demand[{demand}].quantity" in numbers for demand in needed["demand"]]
    return _part(needed["needed_t"], counted)


def _part(amounts: pd.Series[float], counted: list[bool]) -> float | None:
    total = float(amounts.sum())
    return float(amounts[counted].sum()) / total if total > 0 else None
