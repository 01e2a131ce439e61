"""Cut-offs: what survival rules ask to be survived, each beside the tree of what may happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from instances.periods import timeline
from instances.rules.survival import Survival
from instances.scenarios.branch import Branch
from instances.scenarios.cut_off import CutOff
from instances.scenarios.event import Event
from instances.scenarios.hits import hits_of
from instances.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from instances.problem import Problem
    from instances.rules.survival import Case


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


def cut_offs_of(problem: Problem) -> tuple[CutOff, ...]:
    """Return every cut-off that the rules of ``problem`` ask for, by onset and case."""
    rules = survival_rules(problem)
    cases = {rule.id: _hitting(problem, rule) for rule in rules}
    found: dict[str, tuple[str, Case, Event, list[str]]] = {}
    line = timeline(problem.periods)
    for period in line:
        for rule in rules:
            if not rule.begins(period, period is line[0]):
                continue
            for case in cases[rule.id]:
                event = cut_off_event(rule, case, period.start)
                key = f"{event.content} {event.until}"
                found.setdefault(key, (period.label, case, event, []))[3].append(rule.id)
    taken: set[str] = set()
    made = []
    for label, case, event, asking in found.values():
        name = f"without {'+'.join(case)} from {label}"
        if name in taken:
            # rules that cut off the same for other lengths, or other goods
            name += f" ({asking[0]})"
        taken.add(name)
        assert event.until is not None
        made.append(CutOff(name, "+".join(case), tuple(asking), event, event.start, event.until))
    return tuple(made)


def nodes_of(
    problem: Problem, nodes: tuple[Node, ...], cut_offs: Iterable[CutOff]
) -> Iterator[Node]:
    """Yield the nodes of cut-offs: for each those of the tree as long as it lasts, once more.

    Parameters
    ----------
    nodes
        The tree of what may happen. All of it may happen in a cut-off, too, and is known as early.
    """
    asked = {rule.id for rule in survival_rules(problem)}
    others = frozenset(rule.id for rule in problem.rules if rule.id not in asked)
    for cut in cut_offs:
        copies: dict[str, Node] = {}
        for node in nodes:
            if not cut.start <= node.period.start < cut.until:
                continue
            if node.period.start == cut.start:
                # what happened, or happens, by then may waive a rule
                rules = tuple(name for name in cut.rules if name not in node.waived)
                here, parent = replace(cut, rules=rules), node.parent
                if not rules:
                    continue
            else:
                before = copies.get(node.parent or "")
                if before is None or before.cut_off is None:
                    continue
                here, parent = before.cut_off, before.id
            _, among, scenarios = node.id.partition(":")
            copies[node.id] = Node(
                id=f"{node.period.label}:{scenarios}{' ' if among else ''}{cut.id}",
                period=node.period,
                parent=parent,
                probability=0.0,
                last=False,
                branch=f"{node.branch} {cut.id}",
                waived=others | node.waived,
                cut_off=here,
            )
            yield copies[node.id]


def courses_of(problem: Problem, nodes: Iterable[Node]) -> Iterator[Branch]:
    """Yield what happens at nodes of cut-offs: a branch, and the cut."""
    branches = {branch.id: branch for branch in problem.branches}
    done: set[str] = set()
    for node in nodes:
        cut, name = node.cut_off, node.branch
        if cut is not None and name is not None and name not in done:
            done.add(name)
            own = branches[name.removesuffix(f" {cut.id}")]
            yield Branch(name, 0.0, (*own.events, cut.event))


def nodes_asked(problem: Problem, rule: Survival, nodes: tuple[Node, ...]) -> tuple[int, int]:
    """Return how many onsets a rule has, and how many nodes its cut-offs take.

    Where rules share a cut-off its nodes are counted for each.
    """
    line = timeline(problem.periods)
    onsets = touched = 0
    for period in line:
        if rule.begins(period, period is line[0]):
            until = cut_off_event(rule, ("",), period.start).until
            assert until is not None
            onsets += 1
            touched += sum(period.start <= node.period.start < until for node in nodes)
    return onsets, len(_hitting(problem, rule)) * touched


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
