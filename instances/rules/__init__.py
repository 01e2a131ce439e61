"""The rules a plan must keep: a module per family; a record carries its sentence and check."""

from typing import Annotated

from pydantic import Field

from instances.rules.benchmark import Benchmark
from instances.rules.budget import Budget
from instances.rules.hhi_cap import HHICap
from instances.rules.max_new_sellers import MaxNewSellers
from instances.rules.min_suppliers import MinSuppliers
from instances.rules.participation import Participation
from instances.rules.reserve_limit import ReserveLimit
from instances.rules.share_cap import ShareCap
from instances.rules.share_floor import ShareFloor
from instances.rules.stock_target import StockTarget
from instances.rules.survival import Survival

Rule = Annotated[
    ShareCap
    | ShareFloor
    | StockTarget
    | MinSuppliers
    | MaxNewSellers
    | HHICap
    | Benchmark
    | Budget
    | Participation
    | ReserveLimit
    | Survival,
    Field(discriminator="kind"),
]
RULES = (
    ShareCap,
    ShareFloor,
    StockTarget,
    MinSuppliers,
    MaxNewSellers,
    HHICap,
    Benchmark,
    Budget,
    Participation,
    ReserveLimit,
    Survival,
)

__all__ = [
    "RULES",
    "Benchmark",
    "Budget",
    "HHICap",
    "MaxNewSellers",
    "MinSuppliers",
    "Participation",
    "ReserveLimit",
    "Rule",
    "ShareCap",
    "ShareFloor",
    "StockTarget",
    "Survival",
]
