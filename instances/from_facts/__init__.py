"""A runnable problem for any mineral of which enough is known, each number with its provenance."""

from instances.from_facts.build import from_facts
from instances.from_facts.markets import Market, market
from instances.from_facts.recipe import RECIPES, Recipe

__all__ = ["RECIPES", "Market", "Recipe", "from_facts", "market"]
