from __future__ import annotations

from typing import Any

import pytest

from instances.errors import InputError
from instances.parse import parse

Data = dict[str, Any]
FLOOR = {"id": "it", "facility": "plant", "commodity": "metal", "floor": 110, "reference": 90}
LEAST = {"id": "it", "commodity": "metal", "zone": "USA", "price": 9, "goes_to": "seller"}
DUTY = {"id": "it", "of": "CHN", "into": "USA", "commodity": "metal", "rate": 0.25}


def parsed(**tables: Any) -> None:
    parse(
        {
            "name": "tiny",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "groups": {"rivals": ["CHN"]},
            "commodities": [
                {"id": "metal", "stage": "metal", "basis": "product", "customs_value": 9},
                {"id": "ore", "stage": "mine", "basis": "product"},
            ],
            "offers": [
                {"id": "cn", "supplier": "A", "country": "CHN", "commodity": "ore", "price": 1}
            ],
            "facilities": [
                {
                    "id": "plant",
                    "country": "USA",
                    "processes": [{"id": "p", "inputs": {"ore": 1}, "outputs": {"metal": 1}}],
                }
            ],
            "outlets": [{"id": "o", "commodity": "metal", "country": "USA", "price": 0}],
        }
        | tables
    )


def test_what_fits_together_is_read() -> None:
    parsed(
        price_floors=[
            FLOOR,
            {"id": "two", "offer": "cn", "commodity": "ore", "floor": 2, "reference": 1},
        ],
        minimum_import_prices=[LEAST, LEAST | {"id": "two", "zone": ["rivals", "USA"]}],
        tariffs=[
            DUTY,
            DUTY | {"id": "two", "of": "rivals", "commodity": ["metal"], "into": ["USA", "JPN"]},
            {"id": "three", "of": ["CHN"], "into": "USA", "stage": "mine", "rate": "10 %"},
        ],
    )


@pytest.mark.parametrize(
    ("table", "record", "fields", "words"),
    [
        ("price_floors", FLOOR, {"facility": "plan"}, "Did you mean 'plant'?"),
        ("price_floors", FLOOR, {"facility": None}, "needs either 'facility' or 'offer'"),
        ("price_floors", FLOOR, {"offer": "cn"}, "needs either 'facility' or 'offer'"),
        ("price_floors", FLOOR, {"facility": None, "offer": "nc"}, "an offer that does not exist"),
        ("price_floors", FLOOR, {"commodity": "ore"}, "is not what 'plant' makes"),
        ("price_floors", FLOOR, {"commodity": "metl"}, "names a commodity that does not exist"),
        ("price_floors", FLOOR, {"floor": "110 USD/yr"}, "does not measure the same"),
        ("price_floors", FLOOR, {"clawback": 1.2}, "clawback"),
        ("price_floors", FLOOR, {"reference": {2027: 5}}, "has no value in 2026"),
        ("price_floors", FLOOR, {"start": "2027-01-01", "end": "2026-01-01"}, "end must come"),
        ("minimum_import_prices", LEAST, {"zone": "UAS"}, "names no country and no group"),
        ("minimum_import_prices", LEAST, {"zone": ["USA", "USA"]}, "stands twice"),
        ("minimum_import_prices", LEAST, {"commodity": "metl"}, "Did you mean 'metal'?"),
        ("minimum_import_prices", LEAST, {"goes_to": "nobody"}, "goes_to"),
        ("minimum_import_prices", LEAST, {"start": "2027-01-01", "end": "2026-01-01"}, "later"),
        ("tariffs", DUTY, {"of": "rival"}, "Did you mean 'rivals'?"),
        ("tariffs", DUTY, {"into": ["USA", "XYZ"]}, "into[1]: names no country"),
        ("tariffs", DUTY, {"commodity": "ore"}, "is a share of the customs value of 'ore'"),
        ("tariffs", DUTY, {"commodity": ["metal", "or"]}, "names a commodity that does not exist"),
        ("tariffs", DUTY, {"stage": "metal"}, "needs either 'commodity' or 'stage'"),
        ("tariffs", DUTY, {"commodity": None, "stage": "metl"}, "a stage that no commodity"),
        ("tariffs", DUTY, {"rate": "30 USD/t"}, "does not measure the same"),
    ],
)
def test_what_does_not_fit_is_refused(table: str, record: Data, fields: Data, words: str) -> None:
    with pytest.raises(InputError) as error:
        parsed(**{table: [record | fields]})
    assert words in str(error.value)
