"""What a plan owes to assumptions: their share of cost and tonnes, and the numbers that matter.

Influence is a finite re-solve: each assumed number is raised and lowered by a tenth, alone, and
the problem is solved anew. Shares count a tonne as assumed where its offer's capacity or
availability is, and a dollar of purchases where the price is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instances import InputError, apply, assumptions, parse_edit
from optimizer.options import Options
from optimizer.solve import solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances import Problem

STEP, MOST = 0.1, 10
_QUANTITIES = ("capacity", "available")
_TEXTS = {"id", "kind", "of", "commodity", "source", "assumption", "start", "end"}


@dataclass(frozen=True, slots=True)
class Influence:
    """What one assumed number does to the least cost.

    Parameters
    ----------
    where
        Path of the number.
    reason
        Why it is what it is.
    up_usd, down_usd
        Change of the least cost when it is a tenth higher, and a tenth lower; ``None`` where it
        cannot be so, a share above 1, or where there is then no plan.
    """

    where: str
    reason: str
    up_usd: float | None
    down_usd: float | None

    @property
    def size(self) -> float:
        """Return the larger of the two changes."""
        return max(abs(self.up_usd or 0.0), abs(self.down_usd or 0.0))


@dataclass(frozen=True, slots=True)
class Owed:
    """What a plan owes to assumptions.

    Parameters
    ----------
    cost_usd
        The least cost.
    assumed_purchases
        Fraction of what purchases cost at prices that are assumed; ``None`` if nothing is bought.
    assumed_tonnes
        Fraction of the tonnes bought from offers whose capacity or availability is assumed.
    influences
        The numbers that matter most, the largest first.
    tried
        How many numbers were moved.
    untried
        Paths of assumptions that are no number, such as tiers of shortfall.
    """

    cost_usd: float
    assumed_purchases: float | None
    assumed_tonnes: float | None
    influences: tuple[Influence, ...]
    tried: int
    untried: tuple[str, ...]

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def owed_to_assumptions(
    problem: Problem, options: Options | None = None, most: int = MOST
) -> Owed | None:
    """Return what the cheapest plan owes to assumptions; ``None`` where there is no plan.

    Parameters
    ----------
    problem
        Any problem that says which of its numbers are assumed.
    options
        Of every solve; ties are not broken.
    most
        How many numbers to name.
    """
    held = (options or Options()).model_copy(update={"tie_break": False})
    base = solve(problem, held)
    if base.objective is None or not base.has_plan:
        return None
    moved: list[Influence] = []
    untried: list[str] = []
    for where, reason in _numbers(problem):
        try:
            up, down = (
                _change(problem, f"{where}*={1 + sign * STEP}", held, base.objective)
                for sign in (1, -1)
            )
        except InputError:
            untried.append(where)
            continue
        moved.append(Influence(where, reason, up, down))
    moved.sort(key=lambda item: (-item.size, item.where))
    bought = base.purchases
    told = {item.where for item in assumptions(problem)}
    priced = {offer.id for offer in problem.offers if f"offers[{offer.id}].price" in told}
    limited = {
        offer.id
        for offer in problem.offers
        if any(f"offers[{offer.id}].{field}" in told for field in _QUANTITIES)
    }
    return Owed(
        cost_usd=base.objective,
        assumed_purchases=_part(bought, "cost_usd", priced),
        assumed_tonnes=_part(bought, "bought_t", limited),
        influences=tuple(moved[:most]),
        tried=len(moved),
        untried=tuple(untried),
    )


def _part(bought: Any, column: str, offers: set[str]) -> float | None:
    total = float(bought[column].sum())
    if total <= 0:
        return None
    return float(bought.loc[bought["offer"].isin(offers), column].sum()) / total


def _numbers(problem: Problem) -> Iterator[tuple[str, str]]:
    """Yield every assumed number; an assumption on a whole record stands for each of its own."""
    plain = problem.to_plain()
    for item in assumptions(problem):
        if "." in item.where.rpartition("]")[2]:
            yield item.where, item.reason
            continue
        table, _, rest = item.where.partition("[")
        records = plain.get(table, ())
        if isinstance(records, dict):
            records = [{**records, "id": ""}]
        for record in records:
            if record.get("id", "") != rest.removesuffix("]"):
                continue
            for field, value in record.items():
                if field not in _TEXTS and isinstance(value, int | float | dict):
                    yield f"{item.where}.{field}", item.reason


def _change(problem: Problem, edit: str, options: Options, base: float) -> float | None:
    """Return the change of cost under an edit, ``None`` where its value is out of range.

    Raises
    ------
    InputError
        What is edited is no number.
    """
    parsed = parse_edit(edit)
    try:
        edited = apply(problem, [parsed])
    except InputError as error:
        if any("no number" in finding.what for finding in error.findings):
            raise
        return None
    result = solve(edited, options)
    return None if result.objective is None else result.objective - base
