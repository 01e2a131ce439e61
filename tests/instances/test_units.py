from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from instances.units import (
    DEFINITIONS,
    EXAMPLES,
    Fraction,
    RatePerYear,
    Tonnes,
    UnitError,
    factor,
    how_to_write,
    to_base,
    unit_names,
)


@pytest.mark.parametrize(
    ("text", "base", "number"),
    [
        ("110 USD/kg", "USD/t", 110_000),
        ("0.5 USD/g", "USD/t", 500_000),
        ("1 USD/lb", "USD/t", 1 / 0.45359237e-3),
        ("3 USD/mtu", "USD/t", 300),
        ("2 MUSD/kt", "USD/t", 2000),
        ("19 t/yr", "t/yr", 19),
        ("5 kt/month", "t/yr", 60_000),
        ("1 t/quarter", "t/yr", 4),
        ("1 t/d", "t/yr", 365),
        ("4 USD/kg/yr", "USD/t/yr", 4000),
        ("250 kg", "t", 0.25),
        ("1 Mt", "t", 1_000_000),
        ("1,250 t", "t", 1250),
        ("1,234,567.5 kg", "t", 1234.5675),
        ("60 d", "d", 60),
        ("2 weeks", "d", 14),
        ("1 yr", "d", 365),
        ("50 %", "fraction", 0.5),
        ("50%", "fraction", 0.5),
        ("5 pp", "fraction", 0.05),
        ("0.4", "fraction", 0.4),
        ("8 %", "1/yr", 0.08),
        ("8 %/yr", "1/yr", 0.08),
        ("1e3 t", "t", 1000),
        (".5 t", "t", 0.5),
        ("  7  t ", "t", 7),
        ("-3 t", "t", -3),
        ("7", "t", 7),
    ],
)
def test_text_with_a_unit_becomes_a_number_in_the_base_unit(
    text: str, base: str, number: float
) -> None:
    assert to_base(text, base) == pytest.approx(number)


@pytest.mark.parametrize("number", range(101))
def test_a_percentage_is_the_very_fraction(number: int) -> None:
    assert to_base(f"{number} %", "fraction") == number / 100


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_grams_and_kilograms_are_the_same_mass(number: float) -> None:
    assert to_base(f"{number:f} kg", "t") == pytest.approx(
        to_base(f"{number * 1000:f} g", "t"), rel=1e-6, abs=1e-8
    )


@pytest.mark.parametrize(
    ("text", "base", "what"),
    [
        ("5 kgg", "t", "has the unknown unit 'kgg'"),
        ("5 EUR/t", "USD/t", "has the unknown unit 'EUR'"),
        ("5 T", "t", "has the unknown unit 'T'"),
        ("5 t", "USD/t", "is in 't', which does not measure the same as 'USD/t'"),
        ("5 USD", "USD/t", "is in 'USD'"),
        ("5 t/yr", "t", "is in 't/yr'"),
        ("5 t/", "t", "for a unit, which is none"),
        ("5 t ** ", "t", "for a unit, which is none"),
        ("5 %%", "fraction", "for a unit, which is none"),
        ("cheap", "USD/t", "is not a number or a quantity"),
        ("", "t", "is not a number or a quantity"),
        ("t", "t", "is not a number or a quantity"),
        ("nan", "t", "is not a number or a quantity"),
        ("inf t", "t", "is not a number or a quantity"),
        ("1,5 t", "t", "is not a number or a quantity"),
        ("1_000 t", "t", "is not a number or a quantity"),
        ("5 t**2", "t", "is not a number or a quantity"),
        ("__import__('os')", "t", "is not a number or a quantity"),
        ("9" * 100, "t", "is not a number or a quantity"),
    ],
)
def test_text_that_is_no_quantity_says_why_and_how_to_write_one(
    text: str, base: str, what: str
) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        to_base(text, base)
    assert what in caught.value.message()
    assert f"Write {how_to_write(base)}." in caught.value.message()


def test_true_is_no_number() -> None:
    with pytest.raises(PydanticCustomError, match="is not a number"):
        to_base(True, "t")


@pytest.mark.parametrize("value", [5, 2.5, None, [1], {"a": 1}])
def test_what_is_no_text_is_left_to_pydantic(value: object) -> None:
    assert to_base(value, "t") is value


def test_a_factor_of_an_unknown_unit_names_the_unit() -> None:
    with pytest.raises(UnitError) as caught:
        factor("USD/kgg", "USD/t")
    assert caught.value.unknown == "kgg"
    with pytest.raises(UnitError) as caught:
        factor("kg", "d")
    assert caught.value.unknown == ""


def test_every_unit_converts_to_some_base() -> None:
    for name in unit_names():
        fitting = 0
        for base in ("t", "d", "fraction", "USD/t"):
            try:
                assert factor(name if base != "USD/t" else f"{name}/t", base) > 0
                fitting += 1
            except UnitError:
                continue
        assert fitting >= 1, name
    assert len(unit_names()) > len(DEFINITIONS)


@pytest.mark.parametrize("base", EXAMPLES)
def test_the_example_of_a_base_unit_is_a_quantity_in_it(base: str) -> None:
    assert isinstance(to_base(EXAMPLES[base], base), float)
    assert EXAMPLES[base] in how_to_write(base)


@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        (Tonnes, ["5 kg", 0, "0 t"], [-1, "-1 kg", float("nan"), "1e999", True, None]),
        (Fraction, ["100 %", 0, 1], ["101 %", 1.1, -0.1]),
        (RatePerYear, ["8 %/yr", 0.999], [1, "100 %"]),
    ],
)
def test_quantities_keep_their_bounds(
    annotation: Any, good: list[object], bad: list[object]
) -> None:
    adapter: TypeAdapter[float] = TypeAdapter(annotation)
    for value in good:
        assert adapter.validate_python(value) >= 0
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


@given(st.text(max_size=90))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    try:
        number = to_base(text, "USD/t")
    except PydanticCustomError as refusal:
        number = refusal.message()
    assert isinstance(number, float) or "Write a number in USD/t" in str(number)
