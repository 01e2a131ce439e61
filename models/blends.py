"""Blends: the mixes of tagged inputs a process can run on, and the tags of what it makes.

Inputs that an output cannot tell apart are one class: with no rule on ore or touched goods every
process has one blend. A lot is never averaged: whoever wants clean goods gets those made of clean
inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from instances.tags import ANY, Tagging, carrier_of, class_of, made_tag

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from instances.facility import Facility, Process
    from instances.tags import Keep

Place = tuple[str, str, str]


@dataclass(frozen=True, eq=False)
class Blend:
    """A process at a facility on inputs of stated classes.

    Parameters
    ----------
    facility, process
        Where and which.
    label
        The classes of the inputs, in order, joined by "&"; "any" where nothing is told apart.
    taken
        By input commodity the tags that may be used.
    made
        By output commodity the tag of what comes out.
    """

    facility: Facility
    process: Process
    label: str
    taken: Mapping[str, tuple[str, ...]]
    made: Mapping[str, str]

    @cached_property
    def key(self) -> tuple[str, str, str]:
        """Facility, process, blend."""
        return (self.facility.id, self.process.id, self.label)


class Mix(NamedTuple):
    """A blend without its facility: label, tags taken by input, tag made by output."""

    label: str
    taken: Mapping[str, tuple[str, ...]]
    made: Mapping[str, str]


def blends(
    facility: Facility,
    process: Process,
    keep: Mapping[str, Keep],
    tags: Mapping[str, tuple[str, ...]],
    known: dict[Hashable, tuple[Mix, ...]],
) -> Iterator[Blend]:
    """Yield the blends on which ``process`` can run, given the tags of each input.

    ``known`` holds the mixes of processes of one network: equal ones are worked out once.
    """
    carrier = carrier_of(process)
    kept = [keep[name] for name in process.outputs]
    # goods of which no maker and no touch is remembered, nor ore dug here, are the same anywhere
    anywhere = all(item.seller is Tagging.NONE and not item.touched for item in kept) and (
        carrier is not None or not any(item.ore for item in kept)
    )
    key = (
        None if anywhere else facility.id,
        tuple(process.outputs),
        carrier,
        tuple(tags.items()),
    )
    mixes = known.get(key)
    if mixes is None:
        mixes = known[key] = tuple(_mixes(facility, process, keep, tags))
    for mix in mixes:
        yield Blend(facility, process, *mix)


def _mixes(
    facility: Facility,
    process: Process,
    keep: Mapping[str, Keep],
    tags: Mapping[str, tuple[str, ...]],
) -> Iterator[Mix]:
    carrier = carrier_of(process)
    ore = any(keep[name].ore for name in process.outputs)
    labels = sorted({label for name in process.outputs for label in keep[name].touched or ()})
    classes: list[dict[str, list[str]]] = []
    for name in process.inputs:
        found: dict[str, list[str]] = {}
        for tag in tags[name]:
            kind = class_of(tag, ore=ore and name == carrier, touched=labels)
            found.setdefault(kind, []).append(tag)
        classes.append(found)
    for kinds in product(*classes):
        taken = {
            name: tuple(found[kind])
            for name, found, kind in zip(process.inputs, classes, kinds, strict=True)
        }
        inherited = dict(zip(process.inputs, kinds, strict=True))
        made = {
            name: made_tag(
                keep[name],
                facility,
                inherited[carrier] if carrier is not None else None,
                kinds,
            )
            for name in process.outputs
        }
        told = [kind for kind in kinds if kind != ANY]
        yield Mix("&".join(kinds) if told else ANY, taken, made)
