"""Pictures of a result for notebooks and papers, drawn by matplotlib (the extra `pictures`)."""

from optimizer.plot.files import picture_bytes
from optimizer.plot.plots import Plots

__all__ = ["Plots", "picture_bytes"]
