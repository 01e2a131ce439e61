"""Edits: named changes to a problem, ``rules[cn-cap].max_share=0.4``.

An edit is a path, an action and a value::

    rules[cn-cap].max_share=0.4             set; one number replaces a whole schedule
    rules[cn-cap].max_share[2030]=0.4       set from 2030 on; dates stated later keep their values
    offers[country=CHN].price*=1.5          multiply: every offer of China, every date of its price
    demand[*].quantity+=5 t/yr              add, in the unit of the field or any that fits
    offers[cn-ga].tranches[0].price=90 USD/kg
    facilities[eneabba].processes[sep].outputs.dy=0.01
    periods.count=3

A value of a map (a recipe's tonnes by commodity) is named after a dot, or in brackets where its
name has dots: ``outputs[nd.99]``; ``outputs[*]`` means all of them.

In brackets after a table stand an id, ``*`` for all, or fields and their values (several, with
commas between, must all fit); after a list a place counted from 0, or ``*``; after a schedule a
year, a date or the label of a period.

One date makes a schedule of a single number: that number stays in force from the first day of the
horizon until the date. Dates stated later keep their values. A date within the year in which the
horizon begins, but before it, stands for the horizon's first day.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from instances.alter import Action, alter
from instances.errors import Finding, InputError, ReadError, shortened
from instances.parse import parse
from instances.periods import Periods, timeline
from instances.read import plain_of
from instances.record import Part
from instances.select import PATH, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instances.problem import Problem

LONGEST_PATH = 500
SIGNS: dict[str, Action] = {"=": "set", "*=": "multiply", "+=": "add"}
_SIGN = re.compile(r"\s*([*+]?=)")


class Edit(Part):
    """A named change to a problem."""

    select: str = Field(min_length=1, max_length=LONGEST_PATH)
    """Path of what to change, such as ``rules[cn-cap].max_share``."""
    action: Action = "set"
    """What to do with it."""
    value: Any
    """What to set, multiply by or add; numbers may be text with a unit."""

    def __str__(self) -> str:
        sign = next(sign for sign, action in SIGNS.items() if action == self.action)
        return f"{self.select}{sign}{_written(self.value)}"


def _written(value: Any) -> str:
    """Return a value as `parse_edit` reads it back."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        with suppress(ReadError):
            if plain_of(value, form="yaml") == value:
                return value
    return json.dumps(value, default=str, ensure_ascii=False)


def parse_edit(text: str) -> Edit:
    """Return the edit that a text such as ``rules[cn-cap].max_share=0.4`` states.

    Parameters
    ----------
    text
        A path, ``=``, ``*=`` or ``+=``, and a value as YAML writes it: 0.4, 5 %, [AUS, KAZ], null.

    Raises
    ------
    InputError
        The text is no edit.
    """
    path = PATH.match(text)
    sign = _SIGN.match(text, path.end()) if path else None
    if path is None or sign is None or len(path[0]) > LONGEST_PATH:
        raise InputError(
            [
                Finding(
                    shortened(text)[1:-1],
                    "is no edit",
                    remedy="Write a path, then =, *= or +=, then a value: "
                    "rules[cn-cap].max_share=0.4.",
                )
            ]
        )
    rest = text[sign.end() :].strip()
    if not rest:
        raise InputError(
            [Finding(path[0], "is given no value", remedy="Write one, or null to state none.")]
        )
    try:
        value = plain_of(rest, path[0], "yaml")
    except ReadError as error:
        raise InputError([replace(one, where=path[0].strip()) for one in error.findings]) from None
    return Edit(select=path[0].strip(), action=SIGNS[sign[1]], value=value)


def apply(problem: Problem, edits: Iterable[Edit | str]) -> Problem:
    """Return the problem with edits made, one after the other.

    Parameters
    ----------
    problem
        What to start from; it stays as it is.
    edits
        Edits, or texts that `parse_edit` reads.

    Raises
    ------
    InputError
        Edits that mean nothing or do not fit what they mean, all at once; otherwise everything
        that is wrong with the problem they lead to.
    """
    plain = problem.to_plain()
    findings: list[Finding] = []
    for item in edits:
        try:
            edit = parse_edit(item) if isinstance(item, str) else item
            _make(plain, edit, problem)
        except InputError as error:
            findings += error.findings
    if findings:
        raise InputError(findings)
    return parse(plain)


def _make(plain: dict[str, Any], edit: Edit, problem: Problem) -> None:
    try:
        horizon = timeline(Periods.model_validate(plain["periods"]))
    except ValidationError:
        # an edit before this one spoilt the periods, which `parse` will say
        horizon = timeline(problem.periods)
    made = 0
    misses: list[Finding] = []
    for spot in select(plain, edit.select):
        try:
            alter(spot, edit.action, edit.value, horizon)
            made += 1
        except InputError as error:
            misses += error.findings
    if not made:
        raise InputError(misses[:1])
