"""The market of a mineral as the facts have it: use, output, shares, price; or what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.errors import Finding, InputError
from instances.facts import assumed, contained, content, facts, require_sound
from instances.facts.known import require_mineral
from instances.facts.series import import_shares, latest, output
from instances.from_facts.recipe import RECIPES, Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.facts import Fact

BUYER = "USA"
_PLACES = {"WLD", "OTH"}


@dataclass(frozen=True, slots=True)
class Market:
    """What a problem is built on.

    Parameters
    ----------
    mineral, recipe
        Which.
    use
        US use.
    price
        The price that all sellers start from.
    output
        Tonnes a year by country, on the basis of the recipe, with the row they come from.
    shares
        Fraction of US imports by country, with its row.
    reliance
        US net import reliance; ``None`` where none was found.
    secondary
        US output from scrap; ``None`` where none was found.
    reserves
        Tonnes in the ground by country, with their row, where output is that of mines.
    """

    mineral: str
    recipe: Recipe
    use: Fact
    price: Fact
    output: Mapping[str, tuple[float, Fact]]
    shares: Mapping[str, tuple[float, Fact]]
    reliance: Fact | None
    secondary: Fact | None
    reserves: Mapping[str, tuple[float, Fact]]

    @property
    def imported(self) -> float:
        """Fraction of use that is imported: the reliance found, else all of it."""
        return 1.0 if self.reliance is None else self.reliance.to("fraction")

    @property
    def tonnes(self) -> float:
        """Tonnes used a year."""
        return self.use.to("t")

    @property
    def usd_per_tonne(self) -> float:
        """The price in USD per tonne of the basis."""
        held = self.recipe.price_per[0] if self.recipe.price_per else 1.0
        return self.price.to("USD/t") / held

    def sold(self, country: str) -> float:
        """Return the tonnes a year that a country sells to US users.

        By its share of imports; where no shares are known, as if imports were the world's mix.
        """
        if not self.shares:
            return self.of_output(country) * self.imported * self.tonnes
        share = self.shares.get(country)
        return 0.0 if share is None else share[0] * self.imported * self.tonnes

    @property
    def unnamed(self) -> float:
        """Fraction of imports from countries that the source does not name."""
        if not self.shares:
            return 0.0
        return max(0.0, 1.0 - sum(share for share, _ in self.shares.values()))

    def of_output(self, country: str) -> float:
        """Return the fraction of the output found that a country makes."""
        total = sum(tonnes for tonnes, _ in self.output.values())
        return self.output[country][0] / total if country in self.output else 0.0


def market(mineral: str) -> Market:
    """Return the market of a mineral.

    Raises
    ------
    InputError
        The facts name no such mineral, rows of it are at fault, or too little is known: every
        missing fact.
    """
    require_mineral(mineral)
    require_sound(mineral)
    recipe = RECIPES.get(mineral)
    if recipe is None:
        raise InputError(
            [
                Finding(
                    mineral,
                    "lacks facts that fit together: output or import shares, a price and US use "
                    "of one form",
                    remedy=f"See what is known: diversify instances facts {mineral}. "
                    f"Enough is known of {', '.join(RECIPES)}.",
                )
            ]
        )
    use, price = _use(mineral, recipe), latest(_rows("prices", mineral, form=recipe.price))
    made, shares = _output(mineral, recipe), _shares(mineral, recipe)
    missing = [
        name
        for name, held in (
            (f"US use ({' / '.join(recipe.used)})", use),
            (f"price ({recipe.price})", price),
            ("output by country, or shares of US imports", made or shares),
        )
        if not held
    ]
    if missing or use is None or price is None:
        raise InputError(
            [
                Finding(
                    f"{mineral}: {what}",
                    "was not found",
                    remedy=f"See what is known: diversify instances facts {mineral}.",
                )
                for what in missing
            ]
        )
    return Market(
        mineral=mineral,
        recipe=recipe,
        use=use,
        price=price,
        output=made,
        shares=shares,
        reliance=latest(_rows("us_demand", mineral, metric="net_import_reliance")),
        secondary=latest(_rows("us_demand", mineral, metric="secondary_production")),
        reserves=_reserves(mineral, recipe),
    )


def _rows(table: str, mineral: str, **where: str) -> tuple[Fact, ...]:
    """Return found rows, else those from memory."""
    return facts(table, mineral=mineral, **where) or assumed(table, mineral=mineral, **where)


def _use(mineral: str, recipe: Recipe) -> Fact | None:
    form, metric = recipe.used
    return latest(_rows("us_demand", mineral, form=form, metric=metric))


def _output(mineral: str, recipe: Recipe) -> dict[str, tuple[float, Fact]]:
    made: dict[str, tuple[float, Fact]] = {}
    for row in output(mineral, *recipe.made):
        country, tonnes = row.row["country"], _tonnes(row, recipe)
        if country not in _PLACES and tonnes > 0:
            made[country] = (tonnes, row)
    return made


def _reserves(mineral: str, recipe: Recipe) -> dict[str, tuple[float, Fact]]:
    """Return the latest reserves found by country, on the basis of the recipe."""
    if recipe.made[0] != "mine":
        return {}
    rows: dict[str, Fact] = {}
    for row in facts("reserves", mineral=mineral):
        country = row.row["country"]
        if country in _PLACES or row.value is None:
            continue
        if country not in rows or rows[country].row["year"] < row.row["year"]:
            rows[country] = row
    return {country: (_tonnes(row, recipe), row) for country, row in rows.items()}


def _tonnes(row: Fact, recipe: Recipe) -> float:
    """Return the tonnes of a row, converted by chemistry where the recipe asks for it."""
    tonnes = row.to("t")
    if recipe.element and content(row.basis) is not None:
        return contained(tonnes, row.basis, recipe.element)
    return tonnes


def _shares(mineral: str, recipe: Recipe) -> dict[str, tuple[float, Fact]]:
    return {
        row.row["country"]: (row.to("fraction"), row)
        for row in import_shares(mineral, recipe.imports)
        if row.row["country"] not in _PLACES and row.value
    }
