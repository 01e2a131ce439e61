"""Families: the problems that edits along axes make of one problem, compiled and solved warm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

import numpy as np

from instances.edit import Edit, apply
from instances.rules import HHICap
from instances.select import select
from models.build import build
from optimizer.compile import compile_frame
from optimizer.engine.line import Line, learn
from optimizer.engine.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instances.alter import Action
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.options import Options


@dataclass(frozen=True, slots=True)
class Axis:
    """A number of the problem that takes one value after another.

    Parameters
    ----------
    select
        Path of the field, such as ``rules[cn-cap].max_share``.
    action
        Whether a value is set, multiplied by, or added.
    """

    select: str
    action: Action = "set"

    @property
    def name(self) -> str:
        """Return the path, followed by the sign of its action where that is not to set."""
        return self.select + {"set": "", "multiply": "*=", "add": "+="}[self.action]

    def edit(self, value: float) -> Edit:
        """Return the edit that brings the problem to ``value``."""
        return Edit(select=self.select, action=self.action, value=value)


Way = Literal["direct", "compiled"]
"""How a point is reached: written along a proven line, or compiled and compared."""


class Family:
    """A problem, its axes, and the programs of its points.

    Parameters
    ----------
    problem
        What the edits start from.
    axes
        One or more.
    options
        How to solve.

    Raises
    ------
    InputError
        An axis reaches nothing.
    """

    def __init__(self, problem: Problem, axes: Sequence[Axis], options: Options) -> None:
        self.problem = problem
        self.axes = tuple(axes)
        self.options = options
        self.line: Line | None = None
        self._made: Callable[[float], Problem] | None = None
        self._hold: Callable[[Matrices], Matrices] | None = None
        self.curved = any(isinstance(rule, HHICap) for rule in problem.rules)
        self.programs: list[Program] = []
        self._cut: dict[tuple[float, ...], Program] = {}
        for axis in self.axes:
            select(problem.to_plain(), axis.select)

    @classmethod
    def made_by(
        cls,
        problem: Problem,
        made: Callable[[float], Problem],
        options: Options,
        hold: Callable[[Matrices], Matrices] | None = None,
    ) -> Self:
        """Return the family of the problems that ``made`` gives at one number.

        ``hold`` is done to every program that is compiled.
        """
        family = cls(problem, (), options)
        family._made, family._hold = made, hold
        return family

    def at(self, point: Sequence[float] | Floats) -> Problem:
        """Return the problem at a value for each axis."""
        if self._made is not None:
            return self._made(float(point[0]))
        edits = [axis.edit(float(value)) for axis, value in zip(self.axes, point, strict=True)]
        return apply(self.problem, edits)

    def compiled(self, point: Sequence[float] | Floats) -> Matrices:
        """Return the program at a point, compiled from its problem."""
        matrices = compile_frame(build(self.at(point)))
        return matrices if self._hold is None else self._hold(matrices)

    def prove(self, low: Sequence[float], high: Sequence[float]) -> bool:
        """Learn the line between two corners; return whether there is one."""
        if self.curved:
            return False
        self.line = learn(self.compiled, np.asarray(low, float), np.asarray(high, float))
        return self.line is not None

    def distrust(self) -> None:
        """Compile every point from here on."""
        self.line = None
        self.programs = []
        self._cut.clear()

    @property
    def way(self) -> Way:
        """How points are reached."""
        return "compiled" if self.line is None else "direct"

    def solve(self, point: Sequence[float] | Floats, watch: Watch) -> Answer:
        """Return the answer at a point, starting from the basis of the point before."""
        return self.program(point).run(watch)

    def program(self, point: Sequence[float] | Floats) -> Program:
        """Return the loaded program, moved to a point; with rules kept by cuts, one for each."""
        if self.curved:
            key = tuple(float(value) for value in point)
            if key not in self._cut:
                matrices = self.compiled(point)
                self._cut[key] = Program.of(self.at(point), matrices, self.options)
            return self._cut[key]
        if self.line is not None:
            program = self._fitting(self.line.base)
            program.move_along(self.line, np.asarray(point, dtype=float))
            return program
        matrices = self.compiled(point)
        program = self._fitting(matrices)
        program.move(matrices)
        return program

    def _fitting(self, matrices: Matrices) -> Program:
        for program in self.programs:
            if program.base is matrices or program.fits(matrices):
                return program
        program = Program(matrices, self.options)
        self.programs.append(program)
        return program
