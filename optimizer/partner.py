"""What partners are worth: the record, and how it is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances.words import listed, money, tonnes
from optimizer.text_grid import grid

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from optimizer.coalitions import Coalition
    from optimizer.losses import Loss

SCHEMA = 1
MOST_PARTNERS = 25
"""Partners that the summary tells of; the table has all."""


@dataclass(frozen=True, eq=False)
class Partners:
    """What partners are worth.

    Parameters
    ----------
    problem, base
        Of what, and its cheapest plan with all of them.
    losses
        Each partner lost altogether, the one whose loss is dearest first.
    by_commodity
        Each lost for one commodity that it sells or makes, in the order of ``losses``.
    idle
        Partners that were asked about and sell and make nothing.
    coalitions
        The cheapest coalition of every size, if asked for.
    complete, seconds
        Whether time did not run out, and how long it took.
    """

    problem: Problem
    base: Loss
    losses: tuple[Loss, ...]
    by_commodity: tuple[Loss, ...]
    idle: tuple[str, ...]
    coalitions: tuple[Coalition, ...] = ()
    complete: bool = True
    seconds: float = 0.0

    @property
    def table(self) -> pd.DataFrame:
        """A row per partner and commodity lost (null: all of them), and commodity then unmet.

        ``held``, ``cost_usd`` and ``dearer_usd`` as in `Loss`; ``unmet`` and ``unmet_t`` say of
        which commodity how much more is unmet, null where nothing is.
        """
        import pandas as pd

        rows = [
            {
                "partner": loss.partners[0],
                "commodity": loss.commodities[0] if loss.commodities else None,
                "held": loss.held,
                "cost_usd": loss.cost_usd,
                "dearer_usd": loss.dearer_usd,
                "unmet": name,
                "unmet_t": amount,
                "reason": loss.reason,
            }
            for loss in (*self.losses, *self.by_commodity)
            for name, amount in (loss.unmet_t.items() or [(None, None)])
        ]
        columns = ["partner", "commodity", "held", "cost_usd", "dearer_usd", "unmet", "unmet_t"]
        return pd.DataFrame(rows, columns=[*columns, "reason"])

    @property
    def smallest(self) -> Coalition | None:
        """The smallest coalition that leaves nothing more unmet than all, ``None`` without one."""
        return next((item for item in self.coalitions if item.adequate), None)

    def summary(self) -> str:
        """Return it as text for people."""
        names, base = self.problem.names, self.base
        if base.cost_usd is None:
            return f"{self.problem.name}: there is no plan with all partners ({base.reason})."
        lines = [
            f"{self.problem.name}: what each partner is worth; with all of them the least cost is "
            f"{money(base.cost_usd)}",
            "Dearer without it, all planned anew (and by what it no longer sells or makes)",
        ]
        goods = list(dict.fromkeys(loss.commodities[0] for loss in self.by_commodity))
        own = {(loss.partners[0], loss.commodities[0]): loss for loss in self.by_commodity}
        cells = []
        for loss in self.losses[:MOST_PARTNERS]:
            code = loss.partners[0]
            parts = (own.get((code, name)) for name in goods)
            told = ["" if part is None else _short(part) for part in parts]
            cells.append([names.country(code), _short(loss), *told])
        lines.append(grid(["USD", "all", *map(names.commodity, goods)], cells))
        if len(self.losses) > MOST_PARTNERS:
            lines.append(f"  ... and {len(self.losses) - MOST_PARTNERS} that are worth less")
        for loss in self.losses[:MOST_PARTNERS]:
            who = names.country(loss.partners[0])
            if loss.unmet_t:
                more = (
                    f"{tonnes(amount)} of {names.commodity(name)}"
                    for name, amount in loss.unmet_t.items()
                )
                lines.append(f"  Without {who} {listed(tuple(more))} more unmet.")
            elif loss.dearer_usd is None:
                lines.append(f"  Without {who}: {loss.reason}.")
        if self.idle:
            idle = listed(tuple(map(names.country, self.idle)))
            lines.append(f"Worth nothing here, since they sell and make nothing: {idle}.")
        lines += self._coalitions()
        if not self.complete:
            lines.append("Time ran out: not everything was looked at.")
        return "\n".join(lines)

    def _coalitions(self) -> list[str]:
        if not self.coalitions:
            return []
        names = self.problem.names
        lines = ["The cheapest coalition of each size"]
        for item in self.coalitions:
            if item.members is None:
                why = "no plan" if item.proven else "not known: the search ended before"
                lines.append(f"  {item.size}: {why}")
                continue
            who = listed(tuple(map(names.country, item.members))) or "nobody"
            text = f"  {item.size}: {who}; {money(item.cost_usd or 0.0)}"
            text += f", {money(item.dearer_usd)} more" if item.dearer_usd else ", as cheap as all"
            if item.unmet_t:
                more = (
                    f"{tonnes(amount)} of {names.commodity(name)}"
                    for name, amount in item.unmet_t.items()
                )
                text += f"; {listed(tuple(more))} more unmet"
            lines.append(text)
        if self.smallest is not None and self.smallest.members is not None:
            who = listed(tuple(map(names.country, self.smallest.members))) or "nobody"
            lines.append(f"The smallest that leaves nothing more unmet than all: {who}.")
        return lines

    def __repr__(self) -> str:
        return self.summary()

    def to_plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {
            "schema": SCHEMA,
            "name": self.problem.name,
            "hash": self.problem.hash,
            "held": self.base.held,
            "cost_usd": self.base.cost_usd,
            "reason": self.base.reason,
            "losses": [item.to_plain() for item in self.losses],
            "by_commodity": [item.to_plain() for item in self.by_commodity],
            "idle": list(self.idle),
            "coalitions": [item.to_plain() for item in self.coalitions],
            "complete": self.complete,
            "seconds": self.seconds,
        }

    def to_json(self) -> str:
        """Return it as JSON text."""
        return json.dumps(self.to_plain(), ensure_ascii=False, allow_nan=False)


def _short(loss: Loss) -> str:
    if loss.dearer_usd is None:
        return "no plan" if loss.held == "infeasible" else "not known"
    if not loss.told_apart:
        return "0" if not loss.gap_usd else f"< {loss.gap_usd / 1e6:,.3g} M"
    if abs(loss.dearer_usd) >= 1e6:
        return f"{loss.dearer_usd / 1e6:,.4g} M"
    return f"{loss.dearer_usd:,.0f}" if abs(loss.dearer_usd) >= 1000 else f"{loss.dearer_usd:.4g}"
