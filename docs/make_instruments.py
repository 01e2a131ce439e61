"""Writes docs/instruments.md: six instruments on one shipped problem, at equal outlays.

``python docs/make_instruments.py`` searches their amounts at three sums. A deep test solves each amount anew as an edit of the
problem, and adds up from its tables what was paid.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from instances import load
from instances.words import percent, tonnes
from optimizer import Instrument, instruments

if TYPE_CHECKING:
    from optimizer.instrument import Effect

PAGE = Path(__file__).parent / "instruments.md"
NAME = "tungsten-instruments"
SUMS = (60e6, 500e6, 1.4e9)
"""What the reserve, the floor and the grant can spend; USD, discounted."""
NAMED = (
    Instrument("price_floors[katpar-floor].floor", 31_530, 110_000),
    Instrument("expansions[katpar-build].grant", 0, 1),
    Instrument("contracts[scrap-offtake].maximum", 0, 3_000),
    Instrument("tariffs[s301].rate", 0.25, 0.99),
    Instrument("stockpiles[state-reserve].capacity", 0, 50_000),
    Instrument("funds[vault-fund].equity", 0, 2e9),
)
REASONS = {
    "price floor": "The owner builds from a floor of 48.6 USD/kg on, as much as buyers want against a stop, who pay 46 USD/kg for what "
    "costs 39 from China; all that is paid beyond goes to the owner and builds no more.",
    "grant": "The owner builds from 56 % on; then buyers pay less than for Chinese metal and want all of it, so that it costs 1.3 billion "
    "or nothing, and buys most: the plant is paid for by the public and used by the buyers.",
    "offtake": "Scrap at 55 USD/kg takes the place of Chinese metal tonne for tonne; in a stop it would be bought anyway, so that nothing "
    "more is met.",
    "tariff": "Nobody sells for less than China with the duty until scrap does, at 74 %: before that buyers pay and buy the same; from 100 % "
    "on a tenth of use would be left unmet, at 63 USD/kg, so that the range ends at 99.",
    "stockpile": "The cheapest cure of a stop, and none of a share: 71 million buy all of it that is worth storing, as the last tenth of use "
    "is cheaper to go without than to store.",
    "equity": "The same stock, four fifths of it lent to the fund: the state pays in less, users pay for what is released, and for the "
    "interest there is less of it.",
}
HEAD = """# Instruments side by side

Written by `docs/make_instruments.py` for `tungsten-instruments`: US tungsten with no cap on China, which sells nothing in 2031 and 2032 with
probability 30 %. One number at a time is turned up until it costs the sum, discounted and expected, and all others are off. With all off
China sells {base_share}, and {base_unmet} are expected to go unmet over the twenty years.

The public pays for floor and grant, and loses the duty on the Chinese metal that they replace, which counts; the buyers, who stand for the
state, pay for offtake, reserve and vault, and for the duty, which the treasury gains. `buyers` is what buyers pay more, shortfall apart;
`least cost` counts shortfall at what it is said to cost, and no money of the public.

    diversify instruments tungsten-instruments --outlay '500 million USD' \\
      --turn 'price_floors[katpar-floor].floor=31.53 USD/kg,110 USD/kg' --turn 'expansions[katpar-build].grant=0,1' \\
      --turn 'contracts[scrap-offtake].maximum=0,3000 t/yr' --turn 'tariffs[s301].rate=0.25,0.99' \\
      --turn 'stockpiles[state-reserve].capacity=0,50000 t' --turn 'funds[vault-fund].equity=0,2 billion USD'

| sum, million USD | instrument | turned to | its purse pays, million USD | buyers, million USD | from others than China, t | \
China's share | mean days in stock | unmet, t | least cost, million USD |
|---|---|---|---|---|---|---|---|---|---|
"""
UNITS = {
    "price floor": (1e3, "{:,.2f} USD/kg"),
    "grant": (0.01, "{:.2f} %"),
    "offtake": (1, "{:,.0f} t/yr"),
    "tariff": (0.01, "{:.1f} %"),
    "stockpile": (1, "{:,.0f} t"),
    "equity": (1e6, "{:,.1f} million USD"),
}


def row(outlay: float, item: Effect) -> str:
    """Return the row of an instrument."""
    assert item.amount is not None
    assert item.outlay_usd is not None
    assert item.cost_usd is not None
    assert item.buyers_usd is not None
    scale, form = UNITS[item.kind]
    goods = {
        name: (values or {}).get("tungsten", 0.0)
        for name, values in (
            ("away", item.away_t),
            ("share", item.share),
            ("cover", item.cover_d),
            ("unmet", item.unmet_t),
        )
    }
    turned = form.format(item.amount / scale)
    if item.reason is not None:
        turned += " (more serves nothing)" if item.next_usd is None else " (not yet built)"
    millions = [f"{usd / 1e6:,.1f}" for usd in (item.outlay_usd, item.buyers_usd, item.cost_usd)]
    return (
        f"| {outlay / 1e6:,.0f} | {item.kind} | {turned} | {millions[0]} | {millions[1]} | {goods['away']:,.0f} | "
        f"{100 * goods['share']:.1f} % | {goods['cover']:.1f} | {goods['unmet']:,.0f} | {millions[2]} |"
    ).replace("-0.0 ", "0.0 ")


def main() -> None:
    """Write the page."""
    problem = load(NAME)
    found = [instruments(problem, NAMED, outlay) for outlay in SUMS]
    base = found[0].base
    head = HEAD.format(
        base_share=percent(round((base.share or {})["tungsten"], 3)),
        base_unmet=tonnes((base.unmet_t or {})["tungsten"]),
    )
    rows = [
        row(outlay, item)
        for outlay, told in zip(SUMS, found, strict=True)
        for item in told.effects
    ]
    reasons = [f"- **{kind}**: {text}" for kind, text in REASONS.items()]
    PAGE.write_text(head + "\n".join([*rows, "", *reasons]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
