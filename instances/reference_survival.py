"""What survival rules name and ask: parties that sell, classes, onsets, a tree small enough.

Whoever is named must have something to be cut off: an effect on nothing is a wrong name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.errors import Finding, shortened
from instances.periods import timeline
from instances.reference_events import availability_findings, goods_findings
from instances.rules.share_scope import EachParty
from instances.rules.survival import Survival
from instances.scenarios.cut_offs import cut_off_event, nodes_asked, survival_rules
from instances.scenarios.hits import hits_of
from instances.tree import MOST_NODES, grow, nodes_needed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instances.reference_scope import Scope

_HITABLE = ("offers", "facilities", "lanes", "commodities", "groups")
_TREE = ("events", "scenarios", "combinations")


def survival_findings(scope: Scope) -> Iterator[Finding]:
    """Yield survival rules whose cut-offs nothing begins, or make too large a tree."""
    problem = scope.problem
    rules = survival_rules(problem)
    if not rules or not scope.known.horizon or not scope.complete(*_TREE, *_HITABLE):
        return
    line = timeline(problem.periods)
    for place, rule in enumerate(problem.rules):
        if not isinstance(rule, Survival) or not any(map(rule.holds, line)):
            # dates in which no rule would hold are told of all rules alike
            continue
        if not any(rule.begins(period, period is line[0]) for period in line):
            day = rule.start or rule.end
            yield Finding(
                f"{scope.where('rules', place)}.{'end' if rule.start is None else 'start'}",
                "leaves no onset: no period begins in its time, and without a start the first of "
                f"the horizon ({line[0].start}) does not count",
                None if day is None else day.isoformat(),
                remedy=f"Periods begin from {line[0].start} to {line[-1].start}: give dates that "
                "hold one of these days.",
            )
    if nodes_needed(problem.periods, problem.branches) > MOST_NODES:
        # told of the scenarios
        return
    tree = grow(problem.periods, problem.branches)
    asked = {rule.id: nodes_asked(problem, rule, tree) for rule in rules}
    total = len(tree) + sum(nodes for _, nodes in asked.values())
    if total <= MOST_NODES:
        return
    for place, rule in enumerate(problem.rules):
        if rule.id in asked:
            assert isinstance(rule, Survival)
            onsets, nodes = asked[rule.id]
            cases = len(rule.cases(problem.directory))
            yield Finding(
                scope.where("rules", place),
                f"makes too large a tree: {cases:,} cases from {onsets:,} onsets take {nodes:,} "
                f"nodes (a period of a cut-off each), and with all else there are {total:,} of at "
                f"most {MOST_NODES:,}",
                remedy="Name fewer, or singles in place of pairs; give 'start' and 'end', which "
                "bound the onsets; or take longer periods.",
            )


def _length(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    if not isinstance(rule, Survival) or not scope.complete(*_HITABLE):
        return
    whose = where.rpartition(".")[0]
    probe = cut_off_event(rule, ("",), timeline(scope.problem.periods)[0].start)
    wrong = list(goods_findings(scope, whose, probe))
    yield from wrong
    if wrong or any(_unknown(scope, rule)):
        # who is not there is told under 'of'
        return
    if isinstance(rule.of, EachParty):
        members = rule.members(scope.problem.directory)
        if len(members) < rule.at_once:
            yield Finding(
                f"{whose}.of",
                f"names {len(members)} to cut off {rule.at_once} of",
                remedy="Name more, or lower 'at_once'.",
            )
            return
        # of a group those count who sell; whoever is named must
        group = isinstance(rule.of.each, str) and scope.has("groups", rule.of.each)
        singles: list[tuple[str, ...]] = [(name,) for name in members]
        idle = [case for case in singles if not _hits(scope, rule, case)]
        if group and len(idle) < len(singles):
            idle = []
    else:
        singles = list(rule.cases(scope.problem.directory))
        idle = [case for case in singles if not _hits(scope, rule, case)]
    for case in idle:
        yield Finding(
            f"{whose}.of",
            "has nothing to be cut off: it neither sells nor makes any of these goods"
            + (", or no lane carries them from there to these buyers" if rule.buyers else ""),
            shortened("+".join(case)),
            remedy="Correct the name or the goods, or take it off the list.",
        )
    for case in singles:
        if case not in idle:
            yield from _as_written(scope, f"{whose}.of", rule, case)


def _unknown(scope: Scope, rule: Survival) -> Iterator[bool]:
    """Yield, for everybody it names, whether that is nobody."""
    each = rule.of.each if isinstance(rule.of, EachParty) else rule.of
    for name in (each,) if isinstance(each, str) else each:
        yield not scope.parties & {name, ""} and "" not in scope.suppliers


def nobody(scope: Scope, where: str, name: str) -> Finding:
    """Return the finding of a name that is nobody's."""
    return Finding(
        where,
        "names nobody: neither a country, a group, a supplier nor a facility",
        shortened(name),
        scope.nearest(name, scope.parties),
        "Name a country, group, supplier or facility of the problem.",
    )


def _hits(scope: Scope, rule: Survival, case: tuple[str, ...]) -> bool:
    event = cut_off_event(rule, case, timeline(scope.problem.periods)[0].start)
    return any(hits_of(scope.problem, event))


def _as_written(
    scope: Scope, where: str, rule: Survival, case: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield what cannot be taken away as it is written, or only for a part of a period."""
    line = timeline(scope.problem.periods)
    days = [period.start for period in line if rule.begins(period, period is line[0])]
    courses = [cut_off_event(rule, case, day) for day in days or [line[0].start]]
    yield from availability_findings(scope, where, courses)


def _demand_classes(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    yield from scope.repeated(where, value)
    for place, name in enumerate(value):
        yield from scope.unknown_class(f"{where}[{place}]", name)


def _min_met(scope: Scope, where: str, value: Any, rule: Any) -> Iterator[Finding]:
    if not scope.problem.demand and scope.complete("demand"):
        yield Finding(
            where,
            "is a part of what is needed, and nothing is",
            remedy="Add a 'demand', or drop the rule.",
        )


CHECKS: dict[str, Callable[[Scope, str, Any, Any], Iterator[Finding]]] = {
    "length": _length,
    "demand_classes": _demand_classes,
    "min_met": _min_met,
}
