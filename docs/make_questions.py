"""Writes docs/questions.md: what analysts ask, the command that answers it, and what it prints.

``python docs/make_questions.py`` runs every command and writes the page. A test runs the quick
commands and, in the deep suite, the others, and looks for every line that the page shows.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = Path(__file__).with_name("questions.md")


@dataclass(frozen=True, slots=True)
class Question:
    """A question in an analyst's words.

    Parameters
    ----------
    text
        The question.
    command
        The command that answers it on a shipped instance.
    starts
        How the printed lines begin that the page shows; spaces in front are left aside.
    answer
        What the lines say, and what they leave open.
    """

    text: str
    command: str
    starts: tuple[str, ...]
    answer: str


MAGNETS = (
    "diversify solve magnets-usa --gap 0.01 --shares-of of=CHN,commodity=magnet,origin=touched"
)

QUESTIONS = (
    Question(
        "What does it cost to go from 90 % to 50 % China share in Dy oxide, and who supplies it?",
        "diversify frontier rare-earths-usa cn-dy-cap --low '50 %' --high '90 %'",
        ("At 50 %", "To 54.34 %", "To 75 %", "To 90 %"),
        "A cap of 50 % in every year costs 22 million USD more than one of 90 %; the United States "
        "supply the tonnes that China does not. `solve rare-earths-usa` answers for the path of caps.",
    ),
    Question(
        "How many days of stockpile cover a 12-month export ban?",
        "diversify stress japan-reserve --who CHN --onset 2029-07-01 --length '1 yr'",
        ("China ",),
        "60 days of Nd-Pr do not: 572 t are missing in the year. What is missing without a reserve, "
        "1,077 of 3,072 t, is 128 days of use.",
    ),
    Question(
        "At which price floor does the Eneabba plant get built?",
        "diversify solve price-floor-refinery",
        ("eneabba:",),
        "From 78.8 USD/kg of NdPr oxide on; with the floor of 110 it earns 798 million USD too much.",
    ),
    Question(
        "Where does the Vault's money buy the most cover?",
        "diversify solve project-vault",
        (
            "What the money of funds buys",
            "gallium-vault ",
            "germanium-vault ",
            "antimony-vault ",
            "tungsten-vault ",
            "ndpr-vault ",
            "dy-vault ",
            "tb-vault ",
        ),
        "By the dollar, in gallium, of which 9 t are all that is needed; most of the money goes to "
        "antimony and tungsten, whose use is large.",
    ),
    Question(
        "Do we meet all four CRMA lines in 2030; which one binds and what does it cost?",
        "diversify explain eu-crma",
        ("Capacity of the group", "Each of the group"),
        "All four are met and bind. A point of recycling is the dearest.",
    ),
    Question(
        "If China stops tomorrow, which needs stop first, and when?",
        "diversify stress rare-earths-usa --who CHN --onset 2026 --length '1 yr'",
        ("China ",),
        "Terbium for civil magnets, on the first day. Periods are years: it says who, not after how "
        "many weeks; `korea-reserve` counts in steps of thirty days.",
    ),
    Question(
        "Who is our N-1 for each material: which single country hurts most?",
        "diversify stress gallium-usa --length '1 yr'",
        ("cut off", "China ", "Australia ", "Canada ", "Germany ", "Japan ", "Kazakhstan "),
        "Only China does, and only in 2026: a third of the gallium would be missing.",
    ),
    Question(
        "Can the 2027 DFARS rule be met for all defence magnets without a waiver?",
        MAGNETS,
        ("Every demand is met", "dfars "),
        "Yes: no magnet is missing, in any class.",
    ),
    Question(
        "Is it cheaper to stockpile oxide, metal or magnets?",
        MAGNETS,
        ("heavy-vault",),
        "No shipped instance holds all three. In `magnets-usa` the one store is of Dy-Tb oxide, the "
        "narrow stage; add a stockpile of magnets to compare.",
    ),
    Question(
        "Stockpile or build? At what ban probability does the answer flip?",
        "diversify worth partners-pool --flip calm",
        ("knowing it is worth", "At a probability"),
        "A chance of 1.4 % that China stops selling to any of the partners is enough to store; below that "
        "nothing is put in. For a plant see question 12.",
    ),
    Question(
        "What if we pool stocks with partners instead of separate ones?",
        "diversify solve partners-pool",
        (
            "Least expected cost",
            "United States (",
            "United States ",
            "Japan ",
            "South Korea ",
            "Germany ",
            "India ",
        ),
        "Together 132.4 t do, apart 225.1 t would be held (`pooling(problem)` in a notebook); if "
        "only a stop for all is feared, pooling saves nothing.",
    ),
    Question(
        "How much does Kazakhstan tungsten cut our cost, and is it worth $X?",
        "diversify solve kazakhstan-tungsten --set 'expansions[katpar-build].capex=120 USD/kg'",
        ("Least cost", "katpar:"),
        "At 1.1 billion USD it is not worth it (least cost 5.464 billion), at 0.9 billion buyers gain 236 "
        "million; the border is 1.05 billion.",
    ),
    Question(
        "What share of Chinese content remains?",
        MAGNETS,
        ("Where lots mix", "share-of"),
        "Of the standard magnets of 2032 44.61 % have a step in China, whichever lot goes to whom: least and "
        "most are the same there. Where lots may be swapped the two differ.",
    ),
    Question(
        "What is the cheapest mix that is less concentrated?",
        "diversify frontier gallium-usa --against concentration",
        ("37.12 million", "38.05 million", "39.12 million", "40.28 million"),
        "The largest share of one country, summed over five years, falls from 3.25 to 1.50 for 3.2 "
        "million USD. A cap on HHI is a rule (`hhi_cap`) that a problem may hold.",
    ),
    Question(
        "How long until Dy, not Nd, is the bottleneck, and what do we do with surplus Ce?",
        MAGNETS,
        ("disposal ", "outlet revenue"),
        "Dy-Tb oxide binds from 2027 on (README of `magnets-usa`); surplus lanthanum and cerium cost "
        "what `disposal` says.",
    ),
    Question(
        "What do tariffs of 25/50/100 % on Chinese goods change?",
        "diversify frontier kazakhstan-tungsten --path 'tariffs[s301].rate' --low '25 %' --high '100 %'",
        ("At 0.25", "To 0.399414", "To 1:"),
        "Here for tungsten: buyers pay 1.1 million USD for each thousandth more, until at 0.39 the Kazakh "
        "plant is cheaper and is built; at 1 buyers do without 4,000 t rather than pay.",
    ),
    Question(
        "If the November 2026 suspension lapses, what should we have contracted by then?",
        "diversify solve rare-earths-controls",
        ("Least expected cost", "Every demand", "ndpr-reserve ", "dy-reserve ", "tb-reserve "),
        "Stock: reserves filled by the end of 2027 sit out every one of 18 controls. The instance has no "
        "contracts to sign.",
    ),
    Question(
        "How much recycling equals one refinery?",
        "diversify explain eu-crma",
        ("Capacity of the group",),
        "By worth: a point of recycling capacity costs as much as seven to eight of processing.",
    ),
    Question(
        "Worst case instead of average: how much more?",
        "diversify compare partners-pool --set 'risk={worst_weight: 0.5}'",
        ("Cost:", "China, dysprosium oxide, 2027"),
        "Half of the weight on the dearest scenario: 1.4 million USD on what is minimised, and 328 t "
        "put in in 2027 in place of 132. The figure after the arrow is the weighted one.",
    ),
    Question(
        "Which of my assumptions moves the answer?",
        "diversify sweep gallium-usa --axis 'offers[*].price' --axis 'demand[*].quantity' "
        "--axis 'rules[cn-cap].max_share' --tornado '10 %'",
        ("What moves", "offers", "demand", "rules", "0.9", "1.1"),
        "Prices and demand, by as much; the cap by a seventh of that.",
    ),
)

HEAD = """# Questions

What analysts ask, the one command that answers it on a shipped instance, and the lines of what it prints that hold the answer. This
page is written by `python docs/make_questions.py`, which runs every command; tests run them again and look for every line shown. What the
figures rest on stands in the README of each instance (`diversify instances show NAME`).
"""


@cache
def printed(command: str) -> str:
    """Return what a command prints on stdout."""
    words = shlex.split(command)
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *words[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def excerpt(question: Question) -> list[str]:
    """Return the lines of an answer that the page shows."""
    lines = [line.rstrip() for line in printed(question.command).splitlines()]
    return [line for line in lines if line.strip().startswith(question.starts)]


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for number, question in enumerate(QUESTIONS, 1):
        shown = "\n".join(excerpt(question))
        parts.append(
            f"## {number}. {question.text}\n\n```sh\n{question.command}\n```\n\n"
            f"```text\n{shown}\n```\n\n{question.answer}\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page())
