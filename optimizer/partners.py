"""Partners: what each is worth, by mineral, and which few of them do as well as all.

The worth of a partner is its marginal contribution: what the least cost would be without it, less
what it is with it (Shapley, in Contributions to the Theory of Games II (1953), the marginal term).
Contributions do not add up: two partners that can stand in for one another are each worth little.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name
from instances.words import listed, money, tonnes
from optimizer.answer import Watch
from optimizer.coalitions import Coalition, Coalitions
from optimizer.losses import Loss, Losses
from optimizer.options import Options
from optimizer.text_grid import grid

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    import pandas as pd

    from instances.problem import Problem

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


def partners(
    problem: Problem,
    of: Sequence[str] = (),
    *,
    coalitions: bool = False,
    options: Options | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Partners:
    """Return what each partner is worth, in all and by commodity, and the cheapest coalitions.

    Parameters
    ----------
    of
        Countries and groups of the problem; every country that sells or makes something, the
        buyers' own apart, if not given. Others supply as the problem says.
    coalitions
        Whether the cheapest coalition of every size is sought, too.
    options
        How to solve; ties are not broken, and the time limit holds for everything together.
    progress
        Called with the losses solved and all of them.
    cancel
        Set it from another thread to stop; what is known by then is returned.

    Raises
    ------
    InputError
        Neither a country that the problem knows nor one of its groups.
    CheckFailed
        The referee disagrees with a plan: a bug of ours.
    """
    options = (options or Options()).model_copy(update={"tie_break": False})
    begun = time.monotonic()
    watch = Watch.within(options.time_limit, cancel)
    supplied = supplied_by(problem)
    asked = partners_of(problem, of)
    active = [code for code in asked if code in supplied]
    solves = Losses(problem, options, watch)
    base = solves.started()
    pairs = [(code, name) for code in active for name in supplied[code]]
    whole: dict[str, Loss] = {}
    parts: dict[tuple[str, str], Loss] = {}
    if base.cost_usd is not None:
        count = len(active) + len(pairs)
        for done, code in enumerate(active, 1):
            whole[code] = solves.of([code])
            if progress is not None:
                progress(done, count)
        for done, (code, name) in enumerate(pairs, len(active) + 1):
            one = len(supplied[code]) == 1
            parts[code, name] = _for_one(whole[code], name) if one else solves.of([code], [name])
            if progress is not None:
                progress(done, count)
    ranked = sorted(whole, key=lambda code: (-whole[code].weight, code))
    sought: tuple[Coalition, ...] = ()
    if coalitions and base.cost_usd is not None:
        sought = Coalitions(problem, solves, active).trace()
    return Partners(
        problem,
        base,
        tuple(whole[code] for code in ranked),
        tuple(parts[code, name] for code in ranked for name in supplied[code]),
        tuple(code for code in asked if code not in supplied),
        sought,
        complete=not solves.over and all(item.proven for item in sought),
        seconds=time.monotonic() - begun,
    )


def _for_one(loss: Loss, commodity: str) -> Loss:
    """Return the loss of all that a partner supplies as that of the one commodity that this is."""
    return replace(loss, commodities=(commodity,))


def supplied_by(problem: Problem) -> dict[str, tuple[str, ...]]:
    """Return country to the commodities that it sells or makes, in the order of the problem."""
    found: dict[str, set[str]] = {}
    for offer in problem.offers:
        found.setdefault(offer.country, set()).add(offer.commodity)
    for site in problem.facilities:
        for process in site.processes:
            found.setdefault(site.country, set()).update(process.outputs)
    order = [item.id for item in problem.commodities]
    return {code: tuple(name for name in order if name in goods) for code, goods in found.items()}


def partners_of(problem: Problem, of: Sequence[str]) -> tuple[str, ...]:
    """Return the countries that are asked about, in order of their codes.

    Raises
    ------
    InputError
        A name is neither a country that the problem knows nor one of its groups.
    """
    home = set(problem.buyers) | {demand.country for demand in problem.demand}
    supplied = supplied_by(problem)
    if not of:
        return tuple(sorted(set(supplied) - home))
    groups = {group.id for group in problem.groups}
    members = {name: problem.directory.places((name,)) for name in groups}
    known = {*supplied, *home, *groups, *(code for some in members.values() for code in some)}
    wrong = [name for name in of if name not in known]
    if wrong:
        what = "is neither a country of the problem nor one of its groups"
        raise InputError(
            [Finding("of", what, name, nearest=nearest_name(name, known)) for name in wrong]
        )
    return tuple(sorted({code for name in of for code in members.get(name, (name,))}))


def _short(loss: Loss) -> str:
    if loss.dearer_usd is None:
        return "no plan" if loss.held == "infeasible" else "not known"
    if not loss.told_apart:
        return "0" if not loss.gap_usd else f"< {loss.gap_usd / 1e6:,.3g} M"
    if abs(loss.dearer_usd) >= 1e6:
        return f"{loss.dearer_usd / 1e6:,.4g} M"
    return f"{loss.dearer_usd:,.0f}" if abs(loss.dearer_usd) >= 1000 else f"{loss.dearer_usd:.4g}"
