"""The pictures of a result as the content of a file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Literal

from optimizer.plot.plots import Plots

if TYPE_CHECKING:
    from optimizer.result import Result

DOTS_PER_INCH = 150


def picture_bytes(
    result: Result,
    form: Literal["png", "svg"],
    good: str | None = None,
    branch: str | None = None,
) -> bytes:
    """Return all pictures of one material on one sheet; the same for the same result.

    Parameters
    ----------
    form
        "png", or "svg" for a drawing that scales.
    good, branch
        As `Plots`.

    Raises
    ------
    InputError
        matplotlib is not installed, or there is no such material or scenario.
    NoPlan
        The result has no plan.
    """
    figure = Plots(result).all(good, branch=branch)
    from matplotlib import pyplot, rc_context

    # the layout's solver leaves the last digits to chance, by which an SVG names its clips
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        x, y, width, height = axes.get_position(original=True).bounds
        axes.set_position((round(x, 9), round(y, 9), round(width, 9), round(height, 9)))
    stream = io.BytesIO()
    with rc_context({"svg.hashsalt": result.problem.hash}):
        metadata = {"Date": None} if form == "svg" else None
        figure.savefig(stream, format=form, dpi=DOTS_PER_INCH, metadata=metadata)
    pyplot.close(figure)
    return stream.getvalue()
