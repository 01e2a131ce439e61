"""Partners: what each is worth, by mineral, and which few of them do as well as all.

The worth of a partner is its marginal contribution: what the least cost would be without it, less
what it is with it (Shapley, in Contributions to the Theory of Games II (1953), the marginal term).
Contributions do not add up: two partners that can stand in for one another are each worth little.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from instances.errors import Finding, InputError, nearest_name
from optimizer.answer import Watch
from optimizer.coalitions import Coalition, Coalitions
from optimizer.losses import Loss, Losses
from optimizer.options import Options
from optimizer.partner import Partners

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from instances.problem import Problem


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
