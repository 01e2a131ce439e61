"""Compare: what differs between two problems, what each cause adds to the cost, who gains."""

from optimizer.compare.compare import compare
from optimizer.compare.comparison import Comparison

__all__ = ["Comparison", "compare"]
