"""The rules a plan must keep: a module per family; a record carries its sentence and check."""

from typing import Annotated

from pydantic import Field

from instances.rules.min_suppliers import MinSuppliers
from instances.rules.share_cap import ShareCap
from instances.rules.share_floor import ShareFloor
from instances.rules.stock_target import StockTarget

Rule = Annotated[ShareCap | ShareFloor | StockTarget | MinSuppliers, Field(discriminator="kind")]
RULES = (ShareCap, ShareFloor, StockTarget, MinSuppliers)

__all__ = ["RULES", "MinSuppliers", "Rule", "ShareCap", "ShareFloor", "StockTarget"]
