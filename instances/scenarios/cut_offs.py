"""Cut-offs: what survival rules ask to be survived, each as a way of its own out of the tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from instances.periods import timeline
from instances.rules.survival import Survival
from instances.scenarios.event import Event
from instances.scenarios.hits import hits_of
from instances.tree import Node, known_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instances.periods import Period
    from instances.problem import Problem
    from instances.rules.survival import Case
    from instances.scenarios.branch import Branch


@dataclass(frozen=True, slots=True)
class CutOff:
    """Somebody is cut off from a day to a day, after a stretch of history.

    Parameters
    ----------
    id
        What it is called: "without CHN from 2027".
    who
        Label of who is cut off: "CHN", or "CHN+PER".
    rules
        Ids of the rules that ask for it.
    events
        What happens: the cut itself, and what has happened or is announced by then.
    start, until
        Its first day, and the day from which it is over.
    parent
        Id of the node before it, ``None`` where it begins with the horizon.
    """

    id: str
    who: str
    rules: tuple[str, ...]
    events: tuple[Event, ...]
    start: date
    until: date
    parent: str | None


def cut_off_event(rule: Survival, case: Case, start: date) -> Event:
    """Return the event that cuts off a case of a rule from ``start`` on."""
    # the names are those of the rule, which may name suppliers and facilities in a list, too
    return Event.model_construct(
        id="cut-off",
        of=case,
        commodities=rule.commodities,
        stages=rule.stages,
        buyers=rule.buyers,
        availability=0.0,
        start=start,
        length=rule.length,
    )


def cut_offs_of(problem: Problem, nodes: tuple[Node, ...]) -> tuple[CutOff, ...]:
    """Return every cut-off that the rules of ``problem`` ask for, by onset, history and case.

    Parameters
    ----------
    nodes
        The tree of what may happen: a cut-off may follow any history that can be told apart when
        it begins. Of what is under way then, the calmest scenario that passes there tells the end.
    """
    line = timeline(problem.periods)
    branches = {branch.id: branch for branch in problem.branches}
    found: dict[tuple[str | None, str], tuple[Case, Event, tuple[Event, ...], list[str]]] = {}
    cases = {rule.id: _hitting(problem, rule) for rule in survival_rules(problem)}
    for before, period, parents in _onsets(line, nodes):
        for parent in parents:
            history = _history(branches, parent, before, line[-1].end, problem)
            for rule in survival_rules(problem):
                first = before is None
                if not rule.begins(period, first) or _waived(rule, history, period):
                    continue
                for case in cases[rule.id]:
                    event = cut_off_event(rule, case, period.start)
                    key = (None if parent is None else parent.id, event.content + str(event.until))
                    found.setdefault(key, (case, event, history, []))[3].append(rule.id)
    taken: dict[str, int] = {}
    made = []
    labels = {period.start: period.label for period in line}
    for (parent_id, _), (case, event, history, rules) in found.items():
        name = f"without {'+'.join(case)} from {labels[event.start]}"
        _, _, scenarios = (parent_id or "").partition(":")
        name += f" after {scenarios}" if scenarios else ""
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            # rules that cut off the same for other lengths or goods
            name += f" ({rules[0]})"
        assert event.until is not None
        made.append(
            CutOff(
                id=name,
                who="+".join(case),
                rules=tuple(rules),
                events=tuple(sorted((*history, event), key=lambda item: item.id)),
                start=event.start,
                until=event.until,
                parent=parent_id,
            )
        )
    return tuple(made)


def nodes_of(problem: Problem, cut_offs: Iterable[CutOff]) -> Iterator[Node]:
    """Yield the nodes of cut-offs: a chain each, for as long as it lasts."""
    line = timeline(problem.periods)
    asked = {rule.id for rule in survival_rules(problem)}
    others = frozenset(rule.id for rule in problem.rules if rule.id not in asked)
    for cut in cut_offs:
        parent = cut.parent
        for period in line:
            if cut.start <= period.start < cut.until:
                name = f"{period.label}:{cut.id}"
                yield Node(
                    id=name,
                    period=period,
                    parent=parent,
                    probability=0.0,
                    last=False,
                    branch=cut.id,
                    waived=others,
                    cut_off=cut,
                )
                parent = name


def nodes_asked(problem: Problem, rule: Survival, nodes: tuple[Node, ...]) -> tuple[int, int]:
    """Return how many onsets a rule has, and how many nodes its cut-offs take.

    Where rules share a cut-off its nodes are counted for each.
    """
    line = timeline(problem.periods)
    onsets = count = 0
    cases = len(_hitting(problem, rule))
    for before, period, parents in _onsets(line, nodes):
        if rule.begins(period, before is None):
            until = cut_off_event(rule, ("",), period.start).until
            assert until is not None
            touched = sum(period.start <= later.start < until for later in line)
            onsets += 1
            count += cases * len(parents) * touched
    return onsets, count


def survival_rules(problem: Problem) -> tuple[Survival, ...]:
    """Return the survival rules of ``problem``."""
    return tuple(rule for rule in problem.rules if isinstance(rule, Survival))


def _hitting(problem: Problem, rule: Survival) -> tuple[Case, ...]:
    """Return the cases of a rule in which somebody sells or makes what is cut off."""
    return tuple(
        case
        for case in rule.cases(problem.directory)
        if any(hits_of(problem, cut_off_event(rule, case, date.min)))
    )


def _onsets(
    line: tuple[Period, ...], nodes: tuple[Node, ...]
) -> Iterator[tuple[Period | None, Period, list[Node | None]]]:
    """Yield each period with the one before it, and the nodes at which that may end."""
    at: dict[str, list[Node | None]] = {}
    for node in nodes:
        at.setdefault(node.period.label, []).append(node)
    before: Period | None = None
    for period in line:
        yield before, period, [None] if before is None else at[before.label]
        before = period


def _history(
    branches: dict[str, Branch],
    parent: Node | None,
    before: Period | None,
    horizon: date,
    problem: Problem,
) -> tuple[Event, ...]:
    """Return what has happened or is announced by the end of a node, and what is certain."""
    if parent is None or before is None:
        return tuple(event for event in problem.events if event.certain)
    passing = [branches[name] for name in parent.scenarios]
    calmest = min(passing, key=lambda branch: (len(branch.events), branch.id))
    return tuple(
        event
        for event in calmest.events
        if event.certain or known_of(event, before, horizon) is not None
    )


def _waived(rule: Survival, history: tuple[Event, ...], period: Period) -> bool:
    return any(
        rule.id in (event.waives or ())
        and event.start < period.end
        and (event.restored is None or event.restored > period.start)
        for event in history
    )
