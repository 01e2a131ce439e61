"""Units: quantities are converted once, at reading, to tonnes, US dollars, days and fractions.

A bare number is in the base unit of its field; a string carries its unit ("110 USD/kg", "19 t/yr",
"60 d", "50 %"). For rates a year has 365 days, 12 months, 4 quarters. Conversion is pint's, over
a registry that knows only the units of this trade, so that a foreign unit is refused by name.
"""

from __future__ import annotations

import re
import sys
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import pint

DEFINITIONS = (
    "tonne = [mass] = t = metric_ton = tonnes",
    "kilogram = 1e-3 tonne = kg",
    "gram = 1e-6 tonne = g",
    "kilotonne = 1e3 tonne = kt",
    "megatonne = 1e6 tonne = Mt",
    "pound = 0.45359237e-3 tonne = lb",
    "short_ton = 0.90718474 tonne",
    "troy_ounce = 31.1034768e-6 tonne = ozt",
    "metric_ton_unit = 0.01 tonne = mtu",
    "year = [time] = yr = years = a",
    "quarter = year / 4 = quarters",
    "month = year / 12 = months",
    "day = year / 365 = d = days",
    "week = 7 * day = weeks",
    "dollar = [currency] = USD = usd",
    "million_dollar = 1e6 dollar = MUSD = musd",
    "billion_dollar = 1e9 dollar = BUSD = busd",
    "thousand = 1000",
    "million = 1e6",
    "billion = 1e9",
    "percent = 0.01 = pct",
    "percentage_point = 0.01 = pp",
    "fraction = 1",
)
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?"
_QUANTITY = re.compile(rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>[A-Za-z_%/*. ]*?)\s*")


@cache
def _pint() -> ModuleType:
    """Import pint, which is slow and which a problem in bare numbers never needs.

    pint asks whether scipy is there, to convert its arrays. With Pyomo loaded that question
    loads all of scipy's statistics, which takes longer than most solves: it is told no.
    """
    unasked = "scipy" not in sys.modules
    if unasked:
        sys.modules["scipy"] = None  # type: ignore[assignment]
    try:
        import pint
    finally:
        if unasked:
            del sys.modules["scipy"]
    return pint


@cache
def _registry() -> pint.UnitRegistry[float]:
    registry: pint.UnitRegistry[float] = _pint().UnitRegistry(None)
    registry.load_definitions(DEFINITIONS)
    return registry


EXAMPLES = {
    "t": "1.5 t",
    "t/yr": "1.5 t/yr",
    "USD/t": "1.5 USD/kg",
    "USD/t/yr": "1.5 USD/kg/yr",
    "fraction": "40 %",
    "1/yr": "8 %",
    "d": "60 d",
    "t/t": "12 kg/t",
    "USD/yr": "1.5 MUSD/yr",
    "USD": "1.5 MUSD",
    "yr": "20 yr",
}
"""How a quantity of each base unit may be written."""


def how_to_write(base: str) -> str:
    """Return in words how a quantity in ``base`` is written."""
    number = {"fraction": "a fraction of 1", "1/yr": "a fraction per year", "1": "a number"}
    text = number.get(base, f"a number in {base}")
    return f"{text}, or text such as '{EXAMPLES[base]}'" if base in EXAMPLES else text


class UnitError(ValueError):
    """A unit is unknown or of another dimension.

    Parameters
    ----------
    reason
        What is wrong.
    unknown
        The unit that is not known, empty when all are.
    """

    def __init__(self, reason: str, unknown: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.unknown = unknown


@cache
def unit_names() -> tuple[str, ...]:
    """Return the units that quantities may be written in, by symbol and by name."""
    names = ["%"]
    for line in DEFINITIONS:
        name, *rest = (part.strip() for part in line.split("="))
        names += [name, *(part for part in rest[1:] if re.fullmatch("[A-Za-z_]+", part))]
    return tuple(names)


def factor(unit: str, base: str) -> float:
    """Return how many ``base`` one ``unit`` is.

    Raises
    ------
    UnitError
        ``unit`` is unknown or of another dimension; the message says which.
    """
    for word in re.findall(r"[A-Za-z_]+|%", unit):
        if word not in unit_names():
            raise UnitError(f"has the unknown unit {word!r}", word)
    found = _factor(unit, base)
    if isinstance(found, UnitError):
        raise found
    return found


@lru_cache(maxsize=4096)
def _factor(unit: str, base: str) -> float | UnitError:
    # what is refused is remembered, too: a wrong unit may stand in every row of a table
    registry = _registry()
    try:
        given = registry.parse_units(unit.replace("%", "percent" if unit.count("%") == 1 else "?"))
    except Exception:
        # pint raises several unrelated types for text it cannot parse as a unit
        return UnitError(f"has {unit!r} for a unit, which is none")
    target = registry.parse_units("" if base in ("fraction", "1") else base)
    if base == "1/yr" and given.dimensionless:
        # "8 %" for a yearly rate is how everybody writes it
        target = registry.parse_units("")
    try:
        return float(registry.convert(1.0, given, target))
    except _pint().errors.DimensionalityError:
        return UnitError(f"is in {unit!r}, which does not measure the same as {base!r}")


def to_base(value: object, base: str) -> object:
    """Convert ``value`` (a number, or text with a unit) to ``base``.

    Anything that is neither is handed back for pydantic to refuse.

    Raises
    ------
    PydanticCustomError
        The text is no number with a unit, or the unit does not fit.
    """
    if isinstance(value, bool):
        raise _refused(base)
    if not isinstance(value, str):
        return value
    match = _QUANTITY.fullmatch(value) if len(value) <= 80 else None
    if match is None or not any(character.isdigit() for character in match["number"]):
        raise _refused(base)
    number = float(match["number"].replace(",", ""))
    if not match["unit"]:
        return number
    try:
        return _scaled(number, factor(match["unit"], base))
    except UnitError as error:
        raise PydanticCustomError(
            "unit",
            "{reason}. Write {how}.",
            {"reason": error.reason, "unknown": error.unknown, "how": how_to_write(base)},
        ) from error


def _scaled(number: float, scale: float) -> float:
    # "7 %" must be the very number 0.07: 7 / 100 is, 7 * 0.01 is not
    whole = round(1 / scale) if scale < 1 else 0
    return number / whole if whole and 1 / whole == scale else number * scale


def _refused(base: str) -> PydanticCustomError:
    return PydanticCustomError(
        "quantity",
        "is not a number or a quantity. Write {how}.",
        {"how": how_to_write(base)},
    )


def in_base(base: str) -> Callable[[object], object]:
    """Return the validator that converts to ``base``."""

    def convert(value: object) -> object:
        return to_base(value, base)

    return convert


def quantity(base: str, **bounds: Any) -> Any:
    """Return the pydantic type of a number in ``base`` within ``bounds`` (``ge``, ``le``, ...)."""
    return Annotated[
        float,
        Field(allow_inf_nan=False, **bounds),
        BeforeValidator(in_base(base)),
        WithJsonSchema(
            {
                "anyOf": [{"type": "number"}, {"type": "string"}],
                "description": f"A number in {base}, or text with a unit.",
                "unit": base,
            }
        ),
    ]


if TYPE_CHECKING:
    Tonnes = float
    TonnesPerYear = float
    UsdPerTonne = float
    SignedUsdPerTonne = float
    UsdPerTonneYear = float
    Fraction = float
    RatePerYear = float
    PacePerYear = float
    Days = float
    Ratio = float
    Usd = float
    Years = float
    Governance = float
else:
    Tonnes = quantity("t", ge=0)
    TonnesPerYear = quantity("t/yr", ge=0)
    UsdPerTonne = quantity("USD/t", ge=0)
    SignedUsdPerTonne = quantity("USD/t")
    UsdPerTonneYear = quantity("USD/t/yr", ge=0)
    Fraction = quantity("fraction", ge=0, le=1)
    RatePerYear = quantity("1/yr", ge=0, lt=1)
    PacePerYear = quantity("1/yr", ge=0)
    Days = quantity("d", ge=0)
    Ratio = quantity("t/t", ge=0)
    Usd = quantity("USD", ge=0)
    Years = quantity("yr", ge=0)
    # the scale of the Worldwide Governance Indicators
    Governance = quantity("1", ge=-2.5, le=2.5)
