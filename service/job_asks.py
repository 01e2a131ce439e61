"""What a job is asked on the command line: ``NAME=VALUE`` into the fields of its kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from instances.errors import Finding, InputError, nearest_name
from service.asks import (
    AlternativesAsk,
    Ask,
    CompareAsk,
    ExplainAsk,
    FrontierAsk,
    InstrumentsAsk,
    PartnersAsk,
    PurseAsk,
    SheetAsk,
    SolveAsk,
    StressAsk,
    SweepAsk,
    WorthAsk,
)
from service.jobs.record import JobKind

ASKS: dict[JobKind, type[Ask]] = {
    "solve": SolveAsk,
    "sweep": SweepAsk,
    "frontier": FrontierAsk,
    "stress": StressAsk,
    "alternatives": AlternativesAsk,
    "explain": ExplainAsk,
    "compare": CompareAsk,
    "worth": WorthAsk,
    "sheet": SheetAsk,
    "partners": PartnersAsk,
    "purse": PurseAsk,
    "instruments": InstrumentsAsk,
    "validate": Ask,
}


def asked_of(kind: JobKind, given: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a kind of job is asked, and how its solves are done.

    A field that holds several values is given as often as there are values.

    Raises
    ------
    InputError
        Names that neither the kind nor the solver knows, and values without one.
    """
    from optimizer import Options

    fields = ASKS[kind].model_fields
    known = (*fields, *Options.model_fields)
    asked: dict[str, Any] = {}
    options: dict[str, Any] = {}
    findings = []
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            findings.append(Finding("--ask", "must be NAME=VALUE", text))
        elif name not in known:
            what = f"is no field of {kind}"
            findings.append(Finding("--ask", what, name, nearest=nearest_name(name, known)))
        elif name in fields and "tuple" in str(fields[name].annotation):
            asked.setdefault(name, []).append(value)
        else:
            (asked if name in fields else options)[name] = _read(value)
    if findings:
        raise InputError(findings)
    return asked, options


def _read(value: str) -> Any:
    """Return a value as YAML reads it; text that it cannot read is text."""
    try:
        return yaml.safe_load(value)
    except yaml.YAMLError:
        return value
