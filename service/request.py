"""The body of a request: a problem or the name of an instance, edits and options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import instances
from instances.errors import (
    Finding,
    InputError,
    ReadError,
    UnknownInstance,
    nearest_name,
    shortened,
)
from instances.read import plain_of
from optimizer.size import columns
from service.asks import Ask
from service.fields import read_fields
from service.run import Task, edited

if TYPE_CHECKING:
    from instances import Problem
    from optimizer import Options
    from service.asks import CompareAsk
    from service.work import Limits

AnAsk = TypeVar("AnAsk", bound=Ask)

KEYS = ("problem", "instance", "edits", "options")
MOST_EDITS = 1000


class BrokenJson(InputError):
    """The body is not the plain JSON that is accepted."""


class TooLarge(InputError):
    """The problem has more variables than the server takes."""


def read_task(body: bytes, limits: Limits) -> Task:
    """Return what the body of a request asks for.

    A problem's findings are those of a file with the same content.

    Raises
    ------
    BrokenJson
        The body is not JSON, or holds what no problem needs: NaN, a key twice, deep nesting.
    InputError
        Everything wrong with the request and the problem in it.
    TooLarge
        The problem has more variables than ``limits`` allow.
    """
    data = read_object(body)
    return _task(data, limits, _unknown_keys(data, KEYS))


def read_asked(body: bytes, limits: Limits, kind: type[AnAsk]) -> tuple[Task, AnAsk]:
    """Return what the body of a request for an analysis asks for; errors as `read_task`."""
    data = read_object(body)
    fields = tuple(kind.model_fields)
    findings = _unknown_keys(data, (*KEYS, *fields))
    ask: AnAsk | None = None
    try:
        ask = read_fields(kind, {name: data[name] for name in fields if name in data}, str)
    except InputError as error:
        findings += error.findings
    task = _task(data, limits, findings)
    assert ask is not None
    return task, ask


def read_other(first: Problem, ask: CompareAsk, limits: Limits) -> Problem:
    """Return the second problem of a comparison; errors as `read_task`."""
    if ask.other is None and not ask.changes:
        raise _wrong("changes", "is empty, and there is no 'other' problem to compare with")
    second = first
    if ask.other is not None:
        try:
            second = instances.parse(ask.other)
        except InputError as error:
            raise InputError(
                [replace(item, where=f"other.{item.where}") for item in error.findings]
            ) from None
    second = edited(second, ask.changes)
    _refuse_large(second, limits)
    return second


def _task(data: Mapping[str, Any], limits: Limits, findings: list[Finding]) -> Task:
    """Return the problem and options of a request, of which ``findings`` are known already."""
    findings = [*findings, *_wrong_edits(data)]
    options: Options | None = None
    problem: Problem | None = None
    try:
        if data.get("options") is not None:
            options = read_options(data["options"], limits)
    except InputError as error:
        findings += error.findings
    try:
        problem = _problem(data)
        if not findings:
            problem = edited(problem, data.get("edits") or ())
    except InputError as error:
        findings += error.findings
    if findings:
        raise InputError(findings)
    assert problem is not None
    _refuse_large(problem, limits)
    made_of = {"instance": data.get("instance"), "file": None, "edits": data.get("edits") or []}
    return Task(problem, options, made_of)


def _refuse_large(problem: Problem, limits: Limits) -> None:
    size = columns(problem)
    if size > limits.variables:
        what = f"has about {size:,} variables, this server takes at most {limits.variables:,}"
        raise TooLarge([Finding(problem.name, what)])


def read_options(given: object, limits: Limits) -> Options:
    """Return the solver's options within what the server allows.

    Raises
    ------
    InputError
        Unknown options and values that do not fit.
    """
    # the solver is slow to load, and a request that is only checked seldom has options
    from optimizer import Options

    if not isinstance(given, Mapping):
        raise _wrong("options", "must be an object", shortened(given))
    options = read_fields(Options, given, lambda name: f"options.{name}")
    if options.threads > limits.threads:
        what = f"is more than this server gives a request, {limits.threads}"
        raise _wrong("options.threads", what, str(options.threads))
    if options.time_limit is not None and options.time_limit > limits.solve_seconds:
        what = f"is longer than this server solves, {limits.solve_seconds:g} s"
        raise _wrong("options.time_limit", what, f"{options.time_limit:g}")
    return options.model_copy(update={"time_limit": options.time_limit or limits.solve_seconds})


def _read_json(body: bytes) -> object:
    try:
        return plain_of(body.decode("utf-8"), "body", "json")
    except UnicodeDecodeError as error:
        raise BrokenJson([Finding(f"body: byte {error.start}", "is not UTF-8")]) from None
    except ReadError as error:
        raise BrokenJson(error.findings) from None


def read_object(body: bytes) -> Mapping[str, Any]:
    """Return the object that a body holds.

    Raises
    ------
    BrokenJson
        The body is not JSON, or holds what no problem needs.
    InputError
        It holds no object.
    """
    data = _read_json(body)
    if not isinstance(data, Mapping):
        raise _wrong("", "must be an object with 'problem' or 'instance'", shortened(data))
    return data


def _problem(data: Mapping[str, Any]) -> Problem:
    if ("problem" in data) == ("instance" in data):
        raise _wrong("", "needs either 'problem' or 'instance'")
    if "instance" in data:
        name = data["instance"]
        if not isinstance(name, str):
            raise _wrong("instance", "must be the name of a shipped instance", shortened(name))
        try:
            return instances.load(name)
        except UnknownInstance as error:
            raise InputError(
                [replace(item, where="instance") for item in error.findings]
            ) from None
    problem = data["problem"]
    if not isinstance(problem, Mapping):
        raise _wrong("problem", "must be an object", shortened(problem))
    return instances.parse(problem)


def _unknown_keys(data: Mapping[str, Any], known: Sequence[str]) -> list[Finding]:
    return [
        Finding(str(key), "is not known", nearest=nearest_name(str(key), known))
        for key in data
        if key not in known
    ]


def _wrong_edits(data: Mapping[str, Any]) -> list[Finding]:
    edits = data.get("edits")
    if edits is None:
        return []
    if not isinstance(edits, list) or not all(isinstance(edit, str) for edit in edits):
        what = "must be a list of texts such as 'rules[cn-cap].max_share=0.4'"
        return [Finding("edits", what, shortened(edits))]
    if len(edits) > MOST_EDITS:
        return [Finding("edits", f"holds more than {MOST_EDITS} edits", str(len(edits)))]
    return []


def _wrong(where: str, what: str, value: str | None = None) -> InputError:
    return InputError([Finding(where, what, value)])
