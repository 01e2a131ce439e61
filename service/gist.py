"""An answer in a few words, and what it costs: what a list of jobs says of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from instances.words import country_name, money, percent

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Gist:
    """What an answer comes to.

    Parameters
    ----------
    cost_usd
        Total cost, USD discounted under the problem's perspective; ``None`` for an answer that has
        no cost, or many.
    words
        What was found, in a few words.
    """

    cost_usd: float | None
    words: str


def gist_of(verb: str, answer: Mapping[str, Any]) -> Gist | None:
    """Return the gist of an answer, as the API gives it; ``None`` for what is never a job."""
    told = WORDS.get(verb)
    if told is None:
        return None
    cost, words = told(answer if verb == "validate" else answer["result"])
    return Gist(cost, words[:LONGEST])


Told = tuple[float | None, str]


def _solve(result: Mapping[str, Any]) -> Told:
    return result["objective_usd"], _ended(result["status"])


def _ended(status: Mapping[str, str]) -> str:
    point = "no plan held" if status["point"] == "none" else status["point"]
    return point if status["stop"] == "finished" else f"{point} ({status['stop']})"


def _sweep(result: Mapping[str, Any]) -> Told:
    return None, ", ".join(f"{many} {status}" for status, many in result["counts"].items())


def _frontier(result: Mapping[str, Any]) -> Told:
    points = result["points"] if "against" in result else result["vertices"]
    costs = [point["objective_usd"] for point in points]
    if not costs:
        return None, "no plan at any value"
    return None, f"{money(min(costs))} to {money(max(costs))}"


def _alternatives(result: Mapping[str, Any]) -> Told:
    if result["least_cost_usd"] is None:
        return None, _ended(result["status"])
    within = percent(result["margin"])
    return result["least_cost_usd"], f"{_many(result['plans'], 'plan')} within {within}"


def _explain(result: Mapping[str, Any]) -> Told:
    if "assumed_cost" in result:
        if result["assumed_cost"] is None:
            return result["cost_usd"], _ended(result["status"])
        return result["cost_usd"], f"{percent(result['assumed_cost'])} of the cost is assumed"
    if "used" in result:
        place = {True: "in the plan", False: "out of the plan", None: "no plan"}[result["used"]]
        return None, f"{result['id']}: {place}"
    if result["about"] == "plan":
        return None, f"{_many(result['binding'], 'limit')} binding"
    return None, f"{_ended(result['status'])}, {_many(result['remedies'], 'remedy', 'remedies')}"


def _compare(result: Mapping[str, Any]) -> Told:
    before, after = (result[end]["objective_usd"] for end in ("first", "second"))
    if before is None or after is None:
        return None, "one of them has no plan"
    change = after - before
    if abs(change) <= 1e-9 * max(1.0, abs(before)):
        return None, "the same cost"
    return None, f"{money(abs(change))} {'more' if change > 0 else 'less'}"


def _stress(result: Mapping[str, Any]) -> Told:
    worst, cases = result["worst"], _many(result["cases"], "case")
    if worst is None:
        return None, f"{cases}, {result['status']}"
    return None, f"{cases}, at worst {percent(worst['met'])} met"


def _worth(result: Mapping[str, Any]) -> Told:
    known = result["evpi_usd"]
    words = "not known" if known is None else f"to know is worth {money(known)}"
    return result["recourse_usd"], words


def _sheet(result: Mapping[str, Any]) -> Told:
    short = result["shortfalls"]
    words = _ended(result["status"])
    return result["cost_usd"], f"{words}, {_many(short, 'demand')} short" if short else words


def _partners(result: Mapping[str, Any]) -> Told:
    needed = [_country(loss) for loss in result["losses"] if loss["held"] == "infeasible"]
    if needed:
        return result["cost_usd"], f"no plan without {', without '.join(needed)}"
    held = [loss for loss in result["losses"] if loss["dearer_usd"] is not None]
    if not held:
        return result["cost_usd"], f"{_many(result['losses'], 'partner')}, {result['held']}"
    worst = max(held, key=lambda loss: loss["dearer_usd"])
    return result["cost_usd"], f"{money(worst['dearer_usd'])} more without {_country(worst)}"


def _country(loss: Mapping[str, Any]) -> str:
    code = loss["partners"][0]
    return country_name(code) or code


def _purse(result: Mapping[str, Any]) -> Told:
    return None, f"{_many(result['bought'], 'plan')} for sums of money"


def _instruments(result: Mapping[str, Any]) -> Told:
    words = f"{_many(result['effects'], 'instrument')} at {money(result['outlay_usd'])}"
    return result["base"]["cost_usd"], words


def _validate(answer: Mapping[str, Any]) -> Told:
    return None, "valid" if answer["valid"] else _many(answer["findings"], "finding")


def _many(items: object, word: str, words: str | None = None) -> str:
    count = len(items) if isinstance(items, list) else 0
    return f"{count:,} {word if count == 1 else words or word + 's'}"


WORDS: dict[str, Callable[[Mapping[str, Any]], Told]] = {
    "solve": _solve,
    "sweep": _sweep,
    "frontier": _frontier,
    "alternatives": _alternatives,
    "explain": _explain,
    "compare": _compare,
    "stress": _stress,
    "worth": _worth,
    "sheet": _sheet,
    "partners": _partners,
    "purse": _purse,
    "instruments": _instruments,
    "validate": _validate,
}
