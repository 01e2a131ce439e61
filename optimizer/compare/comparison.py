"""The comparison: two problems side by side, in words and in numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.words import money, percent, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from optimizer.compare.bridge import Bridge
    from optimizer.compare.differences import Difference
    from optimizer.compare.volumes import Volume
    from optimizer.result import Result

SCHEMA = 1
MOST_TOLD = 12
"""Differences, and changes of volume, that are printed; the plain form has all."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """What differs between two problems, and what that does.

    Parameters
    ----------
    first, second
        Their results.
    differences
        What they state differently.
    bridge
        From the one cost to the other, by cause.
    volumes
        Who gained and who lost.
    complete, seconds
        Whether nothing was left out for want of time, and how long it took.
    same_tree
        Whether volumes are by node; where trees of scenarios differ they are expected, by period.
    """

    first: Result
    second: Result
    differences: tuple[Difference, ...]
    bridge: Bridge
    volumes: tuple[Volume, ...]
    complete: bool
    seconds: float
    same_tree: bool = True

    @property
    def causes(self) -> pd.DataFrame:
        """What each cause adds to the cost, USD, in order and averaged over orders."""
        import pandas as pd

        names = ["cause", "ordered_usd", "shapley_usd"]
        rows = [pillar.to_plain() for pillar in self.bridge.pillars]
        return pd.DataFrame(rows, columns=names)

    def summary(self) -> str:
        """Return the comparison as text for people."""
        lines = [f"{self.first.problem.name} and {self.second.problem.name}"]
        if not self.differences:
            return f"{lines[0]}: nothing differs that changes a plan."
        lines.append("What differs")
        for item in self.differences[:MOST_TOLD]:
            lines.append(f"  {item.path} ({item.cause}): {_shown(item.old)} -> {_shown(item.new)}")
        if len(self.differences) > MOST_TOLD:
            lines.append(f"  ... and {len(self.differences) - MOST_TOLD} more")
        lines += ["", *self._bridge_words()]
        if self.volumes:
            over = "" if self.same_tree else ", as expected over scenarios, by period"
            lines += ["", f"Who gains and who loses{over}"]
            lines += [f"  {_moved(self.first, item)}" for item in self.volumes[:MOST_TOLD]]
            if len(self.volumes) > MOST_TOLD:
                lines.append(f"  ... and {len(self.volumes) - MOST_TOLD} more")
        elif self.first.has_plan and self.second.has_plan:
            lines += ["", "Nobody gains or loses volume."]
        if not self.complete:
            lines.append(f"Stopped after {self.seconds:.0f} s: there may be more to find.")
        return "\n".join(lines)

    def _bridge_words(self) -> list[str]:
        bridge = self.bridge
        for result, cost in ((self.first, bridge.before_usd), (self.second, bridge.after_usd)):
            if cost is None and result.has_plan:
                return ["There is no bridge.", *bridge.notes]
            if cost is None:
                name = "The first" if result is self.first else "The second"
                return [
                    f"{name} has no plan ({result.status}); `explain` says why.",
                    *bridge.notes,
                ]
        assert bridge.before_usd is not None
        assert bridge.after_usd is not None
        lines = [f"Cost: {money(bridge.before_usd)} -> {money(bridge.after_usd)}"]
        for pillar in bridge.pillars:
            ordered = "no plan" if pillar.ordered_usd is None else _signed(pillar.ordered_usd)
            lines.append(
                f"  {pillar.cause:<9} {_signed(pillar.shapley_usd):>22} on average over orders, "
                f"{ordered} taken in this order"
            )
        total = _signed(bridge.after_usd - bridge.before_usd)
        return [*lines, f"  {'together':<9} {total:>22}", *bridge.notes]

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return the comparison as plain data for JSON."""
        return {
            "schema": SCHEMA,
            "first": _end(self.first),
            "second": _end(self.second),
            "differences": [item.to_plain() for item in self.differences],
            "before_usd": self.bridge.before_usd,
            "after_usd": self.bridge.after_usd,
            "causes": [item.to_plain() for item in self.bridge.pillars],
            "exact": self.bridge.exact,
            "notes": list(self.bridge.notes),
            "volumes": [item.to_plain() for item in self.volumes],
            "same_tree": self.same_tree,
            "complete": self.complete,
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return the comparison as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


def _end(result: Result) -> dict[str, Any]:
    return {
        "name": result.problem.name,
        "hash": result.problem.hash,
        "status": {"stop": str(result.status.stop), "point": str(result.status.point)},
        "objective_usd": result.objective,
    }


def _signed(amount: float) -> str:
    return f"{'+' if amount >= 0 else '-'}{money(abs(amount))}"


def _shown(value: Any) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, dict) and "id" in value:
        return "there"
    if isinstance(value, float):
        return f"{value:,.10g}"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _moved(result: Result, item: Volume) -> str:
    names = result.problem.names
    sure = {True: "", False: " (tied: other plans cost the same)", None: " (not looked into)"}
    shares = " -> ".join(
        "-" if share is None else percent(share) for share in (item.before_share, item.after_share)
    )
    sign = "+" if item.change_t >= 0 else "-"
    return (
        f"{names.country(item.country)}, {names.commodity(item.commodity)}, {item.node}: "
        f"{sign}{tonnes(abs(item.change_t))} ({shares}){sure[item.determined]}"
    )
