"""Solve and understand: from a problem to its result and what follows from it."""

from optimizer.alternatives import alternatives
from optimizer.choice import Alternatives
from optimizer.compare import Comparison, compare
from optimizer.curve import Curve
from optimizer.elastic import Break
from optimizer.evidence import Evidence, evidence
from optimizer.explain import Explanation, Why, explain, why
from optimizer.flip import Flip, flips
from optimizer.front import Front, front
from optimizer.frontier import frontier
from optimizer.instrument import Instrument, Instruments
from optimizer.instruments import instruments
from optimizer.options import Options, Progress
from optimizer.partner import Partners
from optimizer.partners import partners
from optimizer.pooling import pooling
from optimizer.purse import Purse, purse
from optimizer.result import Result
from optimizer.rule_prices import rule_prices
from optimizer.sheet import Sheet, sheet
from optimizer.solve import solve
from optimizer.status import Point, Status, Stop
from optimizer.stress import Stress, stress
from optimizer.sweep import Design, Sweep, parse_range, sweep
from optimizer.worth import Worth, worth

__all__ = [
    "Alternatives",
    "Break",
    "Comparison",
    "Curve",
    "Design",
    "Evidence",
    "Explanation",
    "Flip",
    "Front",
    "Instrument",
    "Instruments",
    "Options",
    "Partners",
    "Point",
    "Progress",
    "Purse",
    "Result",
    "Sheet",
    "Status",
    "Stop",
    "Stress",
    "Sweep",
    "Why",
    "Worth",
    "alternatives",
    "compare",
    "evidence",
    "explain",
    "flips",
    "front",
    "frontier",
    "instruments",
    "parse_range",
    "partners",
    "pooling",
    "purse",
    "rule_prices",
    "sheet",
    "solve",
    "stress",
    "sweep",
    "why",
    "worth",
]
