"""Blends: which tags lots can have, and which mixes of inputs a process tells apart.

The inputs of a process fall into classes: what of their tags its outputs can inherit. A blend is
one class of each input. Outputs of a blend have one tag each; being lots in turn, they may make
further blends possible, so both are found together.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from instances.tags import (
    ANY,
    Keep,
    Tagging,
    carrier_of,
    class_of,
    made_tag,
    offer_tag,
    opening_tag,
    recycled_tag,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.facility import Facility, Process
    from instances.problem import Problem
    from instances.supply import Offer

    Tags = dict[str, dict[str, None]]


class Step(NamedTuple):
    """A process of a facility."""

    facility: Facility
    process: Process


class Blend(NamedTuple):
    """A mix of inputs that a step tells apart.

    Parameters
    ----------
    step
        Position among the steps.
    label
        The classes joined by "&" in the order of the inputs; "any" if nothing is told apart.
    classes
        Input commodity to the class its lots are of.
    """

    step: int
    label: str
    classes: Mapping[str, str]


def steps_of(problem: Problem) -> tuple[Step, ...]:
    """Return the processes of all facilities, facilities in order."""
    return tuple(
        Step(facility, process)
        for facility in problem.facilities
        for process in facility.processes
    )


def output_tag(keep: Keep, step: Step, blend: Blend) -> str:
    """Return the tag that ``blend`` gives an output of which ``keep`` is remembered."""
    carrier = carrier_of(step.process)
    inherited = None if carrier is None else blend.classes[carrier]
    return made_tag(keep, step.facility, inherited, blend.classes.values())


def maker_tag(keep: Keep, step: Step, blend: Blend) -> str:
    """Return the tag of an output as it leaves ``step``: who made it is known there."""
    return output_tag(replace(keep, seller=Tagging.SUPPLIER), step, blend)


def seller_tag(keep: Keep, offer: Offer) -> str:
    """Return the tag of what ``offer`` sells as it is bought: who sells it is known there."""
    return offer_tag(replace(keep, seller=Tagging.SUPPLIER), offer)


def tags_and_blends(
    problem: Problem, keep: Mapping[str, Keep]
) -> tuple[dict[str, tuple[str, ...]], tuple[Blend, ...]]:
    """Return commodity id to the tags its lots can have, and the blends of all steps in order."""
    tags = _given(problem, keep)
    steps = steps_of(problem)
    while True:
        blends = [
            blend
            for number, step in enumerate(steps)
            for blend in _mixes(number, step, keep, tags)
        ]
        known = sum(map(len, tags.values()))
        for blend in blends:
            step = steps[blend.step]
            for name in step.process.outputs:
                tags[name][output_tag(keep[name], step, blend)] = None
        if sum(map(len, tags.values())) == known:
            return {name: tuple(found) for name, found in tags.items()}, tuple(blends)


def _given(problem: Problem, keep: Mapping[str, Keep]) -> Tags:
    """Return the tags of what is sold, stored at the start, under way or recycled."""
    tags: Tags = {name: {ANY: None} if kept.nothing else {} for name, kept in keep.items()}
    for offer in problem.offers:
        tags[offer.commodity][offer_tag(keep[offer.commodity], offer)] = None
    for store in problem.stockpiles:
        kept = keep[store.commodity]
        tags[store.commodity][opening_tag(kept, store.opening_country, store.opening_ore)] = None
    for cargo in problem.in_transit:
        tags[cargo.commodity][opening_tag(keep[cargo.commodity], cargo.seller, cargo.ore)] = None
    for source in problem.recycling:
        tags[source.commodity][recycled_tag(keep[source.commodity], source.country)] = None
    return tags


def _mixes(number: int, step: Step, keep: Mapping[str, Keep], tags: Tags) -> Iterator[Blend]:
    process = step.process
    outputs = [keep[name] for name in process.outputs]
    ore = any(kept.ore for kept in outputs)
    touched = sorted({label for kept in outputs for label in kept.touched or ()})
    carrier = carrier_of(process)
    classes = [
        dict.fromkeys(
            class_of(tag, ore=ore and name == carrier, touched=touched) for tag in tags[name]
        )
        for name in process.inputs
    ]
    for mix in product(*classes):
        label = ANY if all(part == ANY for part in mix) else "&".join(mix)
        yield Blend(number, label, dict(zip(process.inputs, mix, strict=True)))
