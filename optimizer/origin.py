"""Origin: which number of the problem a coefficient of the model comes from, and in what unit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instances.fields import base_unit
from instances.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.problem import Problem

    Labels = Mapping[str, object]

ORIGINS: dict[tuple[str, str], tuple[str, str, str]] = {
    # constraint and variable: table, dimension that holds the id, field
    ("process_input", "run"): ("facilities", "facility", "inputs"),
    ("balance", "run"): ("facilities", "facility", "outputs"),
    ("balance", "ship"): ("lanes", "lane", "loss"),
    ("facility_capacity", "build"): ("expansions", "expansion", "ramp"),
    ("run_if_on", "on"): ("facilities", "facility", "capacity"),
    ("minimum_run", "on"): ("facilities", "facility", "minimum_run"),
    ("whole_lump", "start"): ("expansions", "expansion", "size"),
    ("buy_if_ordered", "order"): ("offers", "offer", "capacity"),
    ("minimum_lot", "order"): ("offers", "offer", "minimum_lot"),
    ("buy_if_qualified", "qualify"): ("offers", "offer", "capacity"),
    ("tranche_if_reached", "reach"): ("offers", "offer", "tranches"),
    ("tranche_earned", "reach"): ("offers", "offer", "tranches"),
    ("take_if_signed", "sign"): ("contracts", "contract", "maximum"),
    ("take_or_pay", "sign"): ("contracts", "contract", "maximum"),
    ("load_if_used", "sail"): ("lanes", "lane", "capacity"),
    ("minimum_load", "sail"): ("lanes", "lane", "minimum_load"),
    ("share_cap_of_total", "whole"): ("rules", "rule", "max_share"),
    ("share_floor_of_total", "whole"): ("rules", "rule", "min_share"),
    ("demand_met", "substitute"): ("substitutions", "substitution", "ratio"),
    ("budget_spent", "buy"): ("offers", "offer", "price"),
    ("budget_spent", "run"): ("facilities", "facility", "cost"),
    ("budget_spent", "ship"): ("lanes", "lane", "freight"),
    ("budget_spent", "build"): ("expansions", "expansion", "capex"),
    ("share_counted", "buy"): ("offers", "offer", "price"),
    ("share_whole", "buy"): ("offers", "offer", "price"),
}
OF_RECIPES = ("inputs", "outputs", "cost")
"""Fields of a facility's process, not of the facility."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A number of the problem.

    Parameters
    ----------
    path
        Where it stands, as edits write it.
    value
        What is stated there, the largest where it changes over time.
    unit
        Its base unit; ``None`` of a plain ratio.
    """

    path: str
    value: float
    unit: str | None

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    def __str__(self) -> str:
        unit = "" if self.unit in (None, "", "fraction") else f" {self.unit}"
        return f"{self.path} = {self.value:,.6g}{unit}"


def origin_of(
    problem: Problem, constraint: str, variable: str, row: Labels, column: Labels
) -> Origin | None:
    """Return where a coefficient comes from, ``None`` where it is of the model's own making."""
    known = ORIGINS.get((constraint, variable))
    if known is None:
        return None
    table, dim, field = known
    id = str(column.get(dim, row.get(dim)))
    record: Any = next((item for item in getattr(problem, table) if item.id == id), None)
    if record is None:
        return None
    path = f"{table}[{id}]"
    if table == "facilities" and field in OF_RECIPES:
        record = next(item for item in record.processes if item.id == column["process"])
        path += f".processes[{record.id}]"
    if table == "offers" and field in ("price", "capacity", "tranches") and record.tranches:
        number = int(str(column.get("tranche", row.get("tranche", 0))))
        number = min(number, len(record.tranches) - 1)
        record, path = record.tranches[number], f"{path}.tranches[{number}]"
        field = "price" if field == "price" else "capacity"
    value: Any = getattr(record, field, None)
    if field in ("inputs", "outputs"):
        commodity = str(row["commodity"])
        path, value = f"{path}.{field}[{commodity}]", value.get(commodity)
        return None if value is None else Origin(path, float(value), None)
    found = _largest(value)
    if found is None:
        return None
    return Origin(f"{path}.{field}", found, base_unit(type(record), field))


def _largest(value: Any) -> float | None:
    if isinstance(value, Schedule):
        return max(value.values, key=abs, default=None)
    if isinstance(value, tuple):
        return max((item for item in value if isinstance(item, float)), default=None)
    return None if value is None else float(value)
