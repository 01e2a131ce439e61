"""pydantic's errors as findings: what is wrong, the value, the nearest name, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from pydantic_core.core_schema import ErrorType

from instances.errors import Finding, nearest_name, shortened
from instances.fields import base_unit, fields_of, holds_map
from instances.record import CountryCode
from instances.rules import RULES
from instances.units import how_to_write, unit_names
from instances.words import country_code

if TYPE_CHECKING:
    from instances.locate import Fault
    from instances.record import Part

_PYDANTICS = frozenset(get_args(ErrorType))
_COUNTRY_PATTERN = get_args(CountryCode)[1].pattern
_NUMBER = "Write {number}."
_WHOLE = ("is not a whole number", "Write a number without a point, such as 5.")
_DATE = ("is not a date of the calendar", "Write it like 2027-01-01.")
_TRUTH = ("is neither true nor false", "Write true or false.")
_RECORD = ("is not a record of fields and values", "Write 'field: value' pairs.")
_LIST = ("is not a list", "Write a list such as [first, second], or leave the field out.")

TEXTS: dict[str, tuple[str, str]] = {
    "string_type": (
        "is not text",
        "Write text; put it in quotes where it looks like a number, a date or true and false.",
    ),
    "string_unicode": ("has signs that are no Unicode text", "Keep to printable text."),
    "string_too_short": ("is empty", "Write something, or leave the field out."),
    "string_too_long": ("is longer than {max_length} signs", "Shorten it."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": ("is not a number", _NUMBER),
    "float_parsing": ("is not a number", _NUMBER),
    "finite_number": ("is not a finite number", _NUMBER),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "greater_than_equal": ("is below {ge}", "Write {number}, at least {ge}."),
    "greater_than": ("is not above {gt}", "Write {number}, above {gt}."),
    "less_than_equal": ("is above {le}", "Write {number}, at most {le}."),
    "less_than": ("is not below {lt}", "Write {number}, below {lt}."),
    "too_short": ("has too few entries", "Give at least {min_length}."),
    "tuple_type": _LIST,
    "list_type": _LIST,
    "model_type": _RECORD,
    "model_attributes_type": _RECORD,
    "invalid_key": ("has a name that is no text", "Put the name in quotes, or remove the field."),
}
"""By pydantic's type of error, what is wrong and what to do."""


def finding(fault: Fault) -> Finding:
    """Return one fault as a finding."""
    kind = fault.error["type"]
    if kind not in _PYDANTICS:
        return _own(fault)
    if kind in SPECIAL:
        return SPECIAL[kind](fault)
    what, remedy = TEXTS.get(
        kind, ("is not what belongs here", "Compare it with the JSON schema of a problem.")
    )
    words = {"number": _number(fault.owner, fault.name)} | {
        key: f"{bound:g}" if isinstance(bound, float) else str(bound)
        for key, bound in fault.error.get("ctx", {}).items()
    }
    return Finding(
        fault.where,
        what.format_map(words),
        shortened(fault.value),
        remedy=remedy.format_map(words),
    )


def _not_a_record(fault: Fault) -> Finding:
    what, remedy = _RECORD
    if fault.name in fields_of(fault.owner) and holds_map(fault.owner, fault.name):
        what = "is not a map of names and values"
        remedy = "Write 'name: value' pairs."
    return Finding(fault.where, what, shortened(fault.value), remedy=remedy)


def _number(owner: type[Part], name: str) -> str:
    unit = base_unit(owner, name) if name in fields_of(owner) else None
    return how_to_write(unit) if unit else "a number"


def _own(fault: Fault) -> Finding:
    """Return an error that this project raised itself: a sentence, then what to do."""
    what, _, remedy = fault.error["msg"].partition(". ")
    unknown = fault.error.get("ctx", {}).get("unknown")
    return Finding(
        fault.where,
        what.rstrip("."),
        None if isinstance(fault.value, Mapping) else shortened(fault.value),
        nearest_name(unknown, unit_names()) if unknown else None,
        remedy or "Mend the fields it names.",
    )


def _missing(fault: Fault) -> Finding:
    number = "a number"
    if fault.record is not None and not holds_map(fault.record, fault.name):
        number = _number(fault.record, fault.name)
    hint = f": {number}" if number != "a number" else ""
    return Finding(fault.where, "is missing", remedy=f"Add '{fault.name}'{hint}.")


def _unknown_field(fault: Fault) -> Finding:
    names = list(fields_of(fault.record)) if fault.record is not None else []
    near = nearest_name(fault.name[:80], names)
    remedy = "Rename it, or remove it." if near else f"Remove it; there are: {', '.join(names)}."
    return Finding(fault.where, "is not a field here", shortened(fault.value), near, remedy)


def _too_long(fault: Fault) -> Finding:
    most = fault.error["ctx"]["max_length"]
    return Finding(
        fault.where,
        "has too many entries",
        shortened(fault.value),
        remedy=f"Give at most {most}.",
    )


def _word(fault: Fault) -> Finding:
    words = re.findall(r"'([^']*)'", fault.error["ctx"]["expected"]) or [
        str(fault.error["ctx"]["expected"])
    ]
    return Finding(
        fault.where,
        "is none of the words that may stand here",
        shortened(fault.value),
        nearest_name(str(fault.value)[:80], words) if isinstance(fault.value, str) else None,
        f"Write one of: {', '.join(words)}." if len(words) > 1 else f"Write {words[0]}.",
    )


def _pattern(fault: Fault) -> Finding:
    if fault.error["ctx"]["pattern"] == _COUNTRY_PATTERN:
        return Finding(
            fault.where,
            "is not a country code",
            shortened(fault.value),
            country_code(fault.value[:80]) if isinstance(fault.value, str) else None,
            "Write the three capitals of ISO 3166-1, such as CHN, or of a code declared under "
            "'countries'.",
        )
    return Finding(
        fault.where,
        "is not an id",
        shortened(fault.value),
        remedy="Use at most 64 letters, digits, dots, dashes and underscores, no sign first.",
    )


def _no_kind(fault: Fault) -> Finding:
    return Finding(
        f"{fault.where}.kind", "is missing", remedy=f"Add 'kind', one of: {', '.join(_kinds())}."
    )


def _unknown_kind(fault: Fault) -> Finding:
    kind = fault.value.get("kind") if isinstance(fault.value, Mapping) else None
    return Finding(
        f"{fault.where}.kind",
        "is no kind of rule",
        shortened(kind),
        nearest_name(kind[:80], _kinds()) if isinstance(kind, str) else None,
        f"Write one of: {', '.join(_kinds())}.",
    )


def _kinds() -> list[str]:
    return [str(fields_of(rule)["kind"].default) for rule in RULES]


SPECIAL = {
    "missing": _missing,
    "extra_forbidden": _unknown_field,
    "too_long": _too_long,
    "literal_error": _word,
    "dict_type": _not_a_record,
    "string_pattern_mismatch": _pattern,
    "union_tag_not_found": _no_kind,
    "union_tag_invalid": _unknown_kind,
}
