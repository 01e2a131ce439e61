"""Writes docs/model.md, the page of maths, from the docstrings of the constraints.

``python docs/make_model.py`` writes it; ``--check`` only says whether it is up to date. A test runs the
check, so the page cannot drift from the code.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from pathlib import Path

PAGE = Path(__file__).with_name("model.md")
MODELS = Path(__file__).parent.parent / "models"
# reading order: the physical network first, then the rules, then what is minimised
ORDER = (
    "flows",
    "offers",
    "contracts",
    "voyages",
    "demand",
    "recovery",
    "stockpiles",
    "handling",
    "release",
    "loans",
    "pools",
    "pool_custody",
    "allotments",
    "funds",
    "processes",
    "capacity",
    "share",
    "share_cap",
    "share_floor",
    "stock_target",
    "sellers",
    "min_suppliers",
    "max_new_sellers",
    "hhi_cap",
    "benchmark",
    "budget",
    "participation",
    "reserve_limit",
    "survival",
    "risk",
)
INTRODUCTION = """\
# The model

Made by `docs/make_model.py` from the docstrings of the constraints in `models/`; do not edit.

One network: offers, lanes, demands, outlets and stockpiles hang on a commodity in a country. One tree:
every variable is indexed by a node, a period in a branch. One list of rules: each family is a record in
`instances/rules/` and a module here.

Mass is tonnes, money real US dollars, shares are fractions of 1. Rates are per year, and a full calendar
year is 1.0 year, so that a rate times `years_n` is an amount. Schedules are read on the first day of a
period.

## Variables

| variable | meaning | unit | bounds |
|---|---|---|---|
| `buy[o,k,n]` | bought from tranche k of offer o (its contracts follow its tranches) | t | 0 to capacity, availability and dates |
| `reach[o,k,n]` | tranche k of an offer of falling price is reached | - | 0 or 1 |
| `sign[c,n]` | fraction of optional contract c that is signed at node n | - | 0 to 1; 0 when it is too late |
| `seal[c,n]` | contract c that cannot be divided is signed | - | 0 or 1 |
| `forgone[c,n]` | paid for under contract c and not taken | t | 0 up |
| `shared[c,n]` | taken under contract c with a high price shared | t | 0 to the cap, in tonnes |
| `capped[c,n]` | what is shared with the seller reaches its cap | - | 0 or 1 |
| `order[o,n]` | anything is bought of offer o, where that is a choice | - | 0 or 1 |
| `qualify[o,n]` | qualifying offer o is decided at node n | - | 0 or 1 |
| `ship[l,g,tau,n]` | commodity g with tag tau loaded on lane l | t | 0 up |
| `deliver[d,tau,n]` | delivered to demand d | t | 0 up |
| `short[d,k,n]` | tier k of demand d left unmet | t | 0 to the tier's share; the last tier is closed, but in cut-offs |
| `late[d,n]` | owed to demand d at the end, delivered later | t | 0 up where it has a backlog cost; 0 at the end |
| `sell[x,tau,n]` | sold to outlet x | t | 0 up |
| `run[f,p,b,n]` | activity of process p at facility f on blend b | t | 0 up; 0 outside its dates |
| `use[f,p,b,g,tau,n]` | taken of input g with tag tau | t | 0 up |
| `dispose[g,tau,c,n]` | thrown away of g made in country c, where it may be | t | 0 up |
| `build[e,n]` | capacity of expansion e decided at node n | t/yr | 0 to its size |
| `start[e,n]` | lumpy expansion e is decided at node n | - | 0 or 1 |
| `on[f,n]`, `sail[l,n]` | facility f runs, lane l is used, where that is a choice | - | 0 or 1 |
| `recycle[y,n]` | recovered by recycling y | t | 0 up |
| `substitute[u,tau,n]` | demand served by substitution u with tag tau | t | 0 up |
| `fill`, `draw` `[s,tau,n]` | put into, taken out of stockpile s | t | 0 up |
| `stock[s,tau,n]` | held by stockpile s at the end | t | 0 up |
| `rotate[s,n]`, `lend[s,n]` | part of what is drawn that is replaced at once, or comes back | t | 0 up; closed without rotation, loans |
| `overdue[s,n]`, `overfill[s,n]`, `overdraft[f,n]` | not rotated though due; filled beyond the share of the market; paid in beyond promises | t, t, million USD | closed |
| `restore[s,n]` | part of what is put in that loans bring back | t | 0 up; closed without loans |
| `withdraw`, `overdraw` `[s,m,n]` | released from pool s to member m, on its entitlement or borrowed of the others | t | 0 up; nobody borrows without loan days |
| `give_back`, `set_off` `[s,m,n]` | put in by member m to make up for what it borrowed, or made up by what it is entitled to | t | 0 up |
| `entitled[s,m,n]` | what member m may still draw of pool s at the end | t | 0 up |
| `allot[s,o,k,n]` | of what is bought from tranche k of offer o, paid by the fund of stockpile s | t | 0 up |
| `equity`, `borrow`, `repay` `[f,n]` | paid in, drawn and repaid | million USD | 0 up |
| `debt[f,n]` | owed by fund f at the end | million USD | 0 up |
| `cash[f,n]` | held by fund f at the end | million USD | 0 up |
| `charged[n]`, `branch_cost[w]` | charged for what is decided at n, and on the way to w, where risk counts | thousand USD | free |
| `threshold`, `tail_loss[w]` | cost at which the tail begins, and what w costs beyond it | thousand USD | free; 0 up |
| `worst` | cost of the dearest branch | thousand USD | free |
| `doubt_level`, `raised[w]`, `lowered[w]` | duals of the sum and the bounds of doubtful probabilities | thousand USD | free; 0 up |
| `counted[r,w,g,n]` | what counts as party w's under share rule r | t | free |
| `whole[r,g,n]` | what the share is a share of, unless that is demand | t | free |
| `sold[r,g,v,n]` | what seller v sells or makes (or users get of it) under rule r | t | 0 up |
| `reached[r,w,g,n,m]` | share of w's consumption of material m that its capacity reaches | - | 0 to 1 |
| `spent[r,n]` | what falls due on the accounts of budget r | thousand USD | free |
| `chosen[r,g,v,n]` | seller v is counted by rule r, or taken on as a new seller | - | 0 or 1 |
| `excess[r,w,g,n]` | what lies beyond the limit of a row | t, thousand USD, count | 0 up; closed on hard rules |

A *tag* is what is remembered of a lot: who sold or made it (a country, or a country and supplier), the country
of its ore, and for each party that a rule on touched goods names whether a step was taken there; `any` where
nothing is, `unknown` for opening stock. Tags exist only where a rule asks for them, and only at places that
goods with the tag can reach. A *blend* is a process on inputs of stated tags, as far as its outputs can tell
them apart: what it makes inherits ore and touch, so that no lot is ever averaged.

Hard demands and hard rules carry their slack too, closed by a bound: an elastic re-solve is then the same
model with other bounds and costs.
"""


def page() -> str:
    """Return the page of maths."""
    parts = [INTRODUCTION]
    for name in ORDER:
        tree = ast.parse((MODELS / f"{name}.py").read_text())
        heading = ast.get_docstring(tree)
        assert heading is not None
        parts.append(f"## {heading.splitlines()[0]}\n")
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and is_constraint(node):
                parts.append(entry(node))
    parts.append(costs())
    return "\n".join(parts)


def is_constraint(node: ast.FunctionDef) -> bool:
    """Return whether a function is a constraint: it takes the model and an index, and is public."""
    names = [argument.arg for argument in node.args.args]
    return names[:1] == ["model"] and len(names) > 1 and not node.name.startswith("_")


def entry(node: ast.FunctionDef) -> str:
    """Return the section of one constraint."""
    text = ast.get_docstring(node)
    assert text is not None, f"{node.name} has no docstring"
    index = ", ".join(argument.arg for argument in node.args.args[1:])
    head, maths, rest = split(text, node.name)
    facts = [f"- {line}" for line in rest]
    lines = [f"### `{node.name}[{index}]`", "", head, "", f"$$ {maths} $$", "", *facts, ""]
    return "\n".join(lines)


def split(text: str, name: str) -> tuple[str, str, list[str]]:
    """Return the sentences, the display maths and the closing facts of a docstring."""
    head, _, tail = text.partition(".. math::")
    assert tail, f"{name} has no display maths"
    block, _, closing = tail.partition("\nFor all")
    lines = [line for line in block.splitlines() if line.strip()]
    maths, after = [], []
    for number, line in enumerate(lines):
        indented = line.startswith("    ") or number == 0
        (maths if indented else after).append(line.strip())
    facts: list[str] = []
    for line in ("For all" + closing).splitlines():
        if line.startswith(("For all", "Units", "Source")):
            facts.append(line.strip())
        else:
            facts[-1] += " " + line.strip()
    sentences = " ".join(head.split())
    if after:
        sentences += " " + " ".join(after)
    return "\n".join(textwrap.wrap(sentences, 100)), " ".join(maths), facts


def costs() -> str:
    """Return the section on the objective."""
    tree = ast.parse((MODELS / "cost.py").read_text())
    lines = [
        "## What is minimised",
        "",
        "The sum of the accounts, each discounted to the first day of the horizon, weighted by the",
        "probability of the node and by what a dollar of it counts under the problem's perspective",
        "(`instances/accounts.py`: a tariff is a cost to the buyer, an income to the public and nothing to",
        "the system).",
        "",
    ]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and [a.arg for a in node.args.args] == ["model"]:
            text = inspect.cleandoc(ast.get_docstring(node) or "").splitlines()[0]
            if node.name != "total_cost":
                lines.append(f"- `{node.name}`: {text}")
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the page, or check it."""
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.read_text() != text:
            print("docs/model.md is out of date: run python docs/make_model.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
