"""Blends: the mixes of tagged inputs a process can run on, and the tags of what it makes.

Inputs that an output cannot tell apart are one class: with no rule on ore or touched goods every
process has one blend. A lot is never averaged: whoever wants clean goods gets those made of clean
inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from instances.tags import ANY, carrier_of, class_of, made_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


def blends(
    facility: Facility, process: Process, keep: Mapping[str, Keep], tags: Mapping[str, list[str]]
) -> Iterator[Blend]:
    """Yield the blends on which ``process`` can run, given the tags of each input."""
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
        yield Blend(facility, process, "&".join(kinds) if told else ANY, taken, made)
