"""The decision sheet: one page of a result for whoever has to decide."""

from optimizer.sheet.sheet import Sheet, sheet

__all__ = ["Sheet", "sheet"]
