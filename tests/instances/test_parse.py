"""Parsing: plain data become a problem, or every finding at once."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.instances.faulty import DROP, Change, Data, changed, findings, sound


@pytest.fixture
def data() -> Data:
    return sound()


# what is changed; where it is found; what is said; nearest name; what to do
GALLERY: list[tuple[Change, str, str, str | None, str]] = [
    # fields
    ((("offers", 0, "pric"), 5), "offers[cn].pric", "is not a field", "price", "Rename it"),
    ((("horizon",), 5), "horizon", "is not a field", None, "there are: schema, name"),
    ((("offers", 0, 7), 5), "offers[cn].7", "is not a field", None, "Remove it"),
    ((("periods", "lenght"), 5), "periods.lenght", "is not a field", "length", "Rename it"),
    (
        (("rules", 0, "max_shar"), 0.5),
        "rules[cap].max_shar",
        "is not a field",
        "max_share",
        "Rename it",
    ),
    ((("name",), DROP), "name", "is missing", None, "Add 'name'"),
    ((("offers", 0, "country"), DROP), "offers[cn].country", "is missing", None, "Add 'country'"),
    (
        (("demand", 0, "quantity"), DROP),
        "demand[us].quantity",
        "is missing",
        None,
        "Add 'quantity': a number in t/yr, or text such as '1.5 t/yr'.",
    ),
    ((("offers", 0), {}), "offers[0].id", "is missing", None, "Add 'id'"),
    # numbers and units
    (
        (("offers", 0, "price"), "370 USD/kgg"),
        "offers[cn].price",
        "unknown unit 'kgg'",
        "kg",
        "in USD/t",
    ),
    (
        (("offers", 0, "price"), "370 t"),
        "offers[cn].price",
        "is in 't', which does not measure the same as 'USD/t'",
        None,
        "in USD/t",
    ),
    (
        (("offers", 0, "price"), "cheap"),
        "offers[cn].price",
        "is not a number or a quantity",
        None,
        "'1.5 USD/kg'",
    ),
    ((("offers", 0, "price"), -5), "offers[cn].price", "is below 0", None, "at least 0"),
    (
        (("demand", 0, "quantity"), {2026: 5, 2027: "-1 t/yr"}),
        "demand[us].quantity[2027]",
        "is below 0",
        None,
        "at least 0",
    ),
    (
        (("demand", 0, "quantity"), float("nan")),
        "demand[us].quantity",
        "is not a finite number",
        None,
        "a number in t/yr",
    ),
    (
        (("stockpiles", 0, "opening"), float("inf")),
        "stockpiles[vault].opening",
        "is not a finite number",
        None,
        "a number in t",
    ),
    (
        (("stockpiles", 0, "opening"), 10**400),
        "stockpiles[vault].opening",
        "is not a number",
        None,
        "a number in t",
    ),
    (
        (("offers", 0, "capacity"), True),
        "offers[cn].capacity",
        "is not a number or a quantity",
        None,
        "a number in t/yr",
    ),
    ((("offers", 0, "capacity"), [5]), "offers[cn].capacity", "is not a number", None, "in t/yr"),
    (
        (("rules", 0, "max_share"), -0.1),
        "rules[cap].max_share",
        "is below 0",
        None,
        "a fraction of 1",
    ),
    (
        (("rules", 0, "max_share"), {2026: 0.9, 2027: 40}),
        "rules[cap].max_share[2027]",
        "is above 1",
        None,
        "at most 1",
    ),
    (
        (("demand", 0, "shortfall_cost", 1, "cost"), "x"),
        "demand[us].shortfall_cost[1].cost",
        "is not a number",
        None,
        "USD/t",
    ),
    (
        (("demand", 0, "shortfall_cost", 1, "share"), 0.9),
        "demand[us]",
        "add up to 1.4 of the demand",
        None,
        "Mend",
    ),
    ((("discount",), {"rate": 1}), "discount.rate", "is not below 1", None, "8 %"),
    ((("periods", "count"), True), "periods.count", "is not a whole number", None, "such as 5"),
    ((("periods", "count"), 2.5), "periods.count", "is not a whole number", None, "such as 5"),
    ((("periods", "count"), 10**400), "periods.count", "is above 2000", None, "at most 2000"),
    # dates
    ((("periods", "start"), 2026), "periods.start", "is not a date", None, "2027-01-01"),
    ((("periods", "start"), "2026-02-30"), "periods.start", "date of the calendar", None, "like"),
    (
        (("periods", "start"), datetime(2026, 1, 1, 8, 30)),
        "periods.start",
        "is not a date",
        None,
        "2027-01-01",
    ),
    ((("periods", "length"), "1 fortnight"), "periods.length", "length of time", None, "'1 yr'"),
    ((("periods", "length"), DROP), "periods", "needs either 'count' and", None, "Mend"),
    (
        (("offers", 1, "end"), "2026-06-01"),
        "offers[au]",
        "starts on 2027-01-01 and ends on 2026-06-01",
        None,
        "Mend the fields",
    ),
    (
        (("offers", 1, "end"), "2027-01-01"),
        "offers[au]",
        "the end must come later",
        None,
        "Mend the fields",
    ),
    (
        (("offers", 0, "price"), {"soon": 5}),
        "offers[cn].price",
        "names 'soon', which is neither a year nor a date",
        None,
        "2030-07-01",
    ),
    (
        (("offers", 0, "price"), {2026: 5, "2026-01-01": 6}),
        "offers[cn].price",
        "names '2026-01-01' twice",
        None,
        "Keep one",
    ),
    ((("offers", 0, "price"), {}), "offers[cn].price", "has no dates", None, "at least one year"),
    (
        (("offers", 0, "price"), {2026: 5, "interpolate": "perhaps"}),
        "offers[cn].price",
        "'interpolate' that is neither",
        None,
        "true or false",
    ),
    ((("offers", 0, "price"), {10**30: 5}), "offers[cn].price", "neither a year", None, "2030"),
    # words and shapes
    ((("offers", 0, "country"), "CN"), "offers[cn].country", "not a country code", "CHN", "three"),
    (
        (("offers", 0, "country"), "China"),
        "offers[cn].country",
        "is not a country code",
        "CHN",
        "three capitals",
    ),
    ((("offers", 0, "supplier"), 5), "offers[cn].supplier", "is not text", None, "in quotes"),
    ((("offers", 0, "supplier"), ""), "offers[cn].supplier", "is empty", None, "Write something"),
    (
        (("offers", 0, "supplier"), "x" * 500),
        "offers[cn].supplier",
        "is longer than 200 signs",
        None,
        "Shorten",
    ),
    (
        (("offers", 0, "supplier"), "Red\x1b[31m"),
        "offers[cn].supplier",
        "has control characters",
        None,
        "printable",
    ),
    ((("about",), "Red\x1b[31m"), "about", "has control characters", None, "printable"),
    (
        (("offers", 0, "supplier"), "\ud800"),
        "offers[cn].supplier",
        "no Unicode text",
        None,
        "printable",
    ),
    ((("offers", 0, "id"), "a b"), "offers[0].id", "is not an id", None, "64"),
    ((("buyers",), "USA"), "buyers", "is not a list", None, "[first, second]"),
    ((("offers",), None), "offers", "is not a list", None, "leave the field out"),
    ((("offers", 0), "cn"), "offers[0]", "is not a record", None, "'field: value'"),
    ((("discount",), 0.05), "discount", "is not a record", None, "'field: value'"),
    ((("commodities",), []), "commodities", "has too few entries", None, "at least 1"),
    ((("perspective",), "buyers"), "perspective", "none of the words", "buyer", "system"),
    (
        (("rules", 0, "counts_fill"), "maybe"),
        "rules[cap].counts_fill",
        "neither true nor false",
        None,
        "true or false",
    ),
    ((("rules", 0, "kind"), "sharecap"), "rules[cap].kind", "no kind", "share_cap", "share_floor"),
    ((("rules", 0, "kind"), DROP), "rules[cap].kind", "is missing", None, "one of: share_cap"),
    ((("rules", 0, "of"), 5), "rules[cap].of", "is not text", None, "Write text"),
    (
        (("rules", 0, "of"), {"each": ["CHN", "au"]}),
        "rules[cap].of.each[1]",
        "names nobody: no country or group",
        "AUS",
        "three-letter code",
    ),
    ((("rules", 0, "stage"), "metal"), "rules[cap]", "needs either 'commodity'", None, "Mend"),
    (
        (("offers", 0, "tranches"), [{"price": 5}]),
        "offers[cn]",
        "needs either 'price'",
        None,
        "Mend",
    ),
    (
        (("offers", 1, "tranches", 1, "price"), 50),
        "offers[au]",
        "tranche prices fall",
        None,
        "cheapest first",
    ),
    ((("stockpiles", 0, "capacity"), 1), "stockpiles[vault]", "opens with 2 t", None, "Mend"),
    ((("schema",), 2), "schema", "is a later version", None, "later release"),
    ((("schema",), "one"), "schema", "is not a version", None, "schema: 1"),
]


@pytest.mark.parametrize(
    ("change", "where", "what", "nearest", "remedy"),
    GALLERY,
    ids=[f"{where}-{what[:20]}" for _, where, what, _, _ in GALLERY],
)
def test_a_faulty_field_is_found_at_its_place_with_a_remedy(
    data: Data, change: Change, where: str, what: str, nearest: str | None, remedy: str
) -> None:
    found = findings(changed(data, change))
    first = found[0]
    assert first.where == where
    assert what in first.what
    assert first.nearest == nearest
    assert first.remedy is not None
    assert remedy in first.remedy
    for word in (
        "Input should",
        "validation error",
        "pydantic",
        "tuple[",
        "constrained",
        "always",
    ):
        assert word not in "\n".join(map(str, found))
