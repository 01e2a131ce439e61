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
        What the lines say, and what they rest on and leave open.
    blocks
        How the title lines of tables begin that the page shows in full, to the next empty line.
    """

    text: str
    command: str
    starts: tuple[str, ...]
    answer: str
    blocks: tuple[str, ...] = ()


MAGNETS = (
    "diversify solve magnets-usa --gap 0.01 --shares-of of=CHN,commodity=magnet,origin=touched "
    "--shares-of of=covered,commodity=magnet-hot,demand_class=defence,origin=touched"
)

QUESTIONS = (
    Question(
        "What does it cost to go from 90 % to 50 % China share in Dy oxide by 2030, and who supplies it?",
        "diversify compare rare-earths-usa "
        "--both 'rules[cn-dy-cap].max_share=90 %' --both 'rules[cn-dy-delivered].max_share=95 %' "
        "--set 'rules[cn-dy-cap].max_share={2026: 90 %, 2030: 50 %, interpolate: true}' "
        "--set 'rules[cn-dy-delivered].max_share={2026: 95 %, 2030: 55 %, interpolate: true}'",
        ("Cost:", "China, dysprosium oxide, 2030", "United States, dysprosium oxide, 2030"),
        "72 million USD over 2026-2035, discounted, against 90 % throughout. In 2030 the United States supply 50 of the 67 t that "
        "China does not. What is bought and what users receive are capped together: moved alone, the one leaves the other to decide. "
        "US use by oxide, what of each plant's output US buyers can have, and what it costs more than Chinese oxide (half to twice as much) are assumptions.",
    ),
    Question(
        "How many days of stockpile cover a 12-month export ban?",
        "diversify stress japan-reserve --who CHN --onset 2029-07-01 --length '1 yr'",
        (),
        "For Japan's Nd-Pr 60 days are held and 68 more are missing: 128. For gallium 180 and 28: 208. Dysprosium and "
        "terbium are not missed at all, since Malaysia and France deliver. With "
        "`--set 'rules[ndpr-cover].cover_days={2027: 60, 2029: 128}'` Nd-Pr is gone from the list. What others can "
        "sell to Japan in a ban decides the days and is assumed; nobody thrifts here.",
        blocks=("Whose cut",),
    ),
    Question(
        "At which price floor does the Eneabba plant get built?",
        "diversify solve price-floor-refinery",
        ("eneabba:",),
        "From 78.8 USD/kg of NdPr oxide on; with the floor of 110 it earns 798 million USD more than its owner asks, discounted. "
        "It rests on a running cost of 55 USD/kg, which is a guess: a dollar more of it is a dollar more of floor; capital "
        "and size are published.",
    ),
    Question(
        "Where does the Vault's money buy the most cover?",
        "diversify solve project-vault",
        (),
        "By the dollar in gallium, of which 9 t are all that is needed, then in antimony and tungsten, to which three "
        "quarters of the money go. The order follows from what a shortfall is said to cost, which is assumed, and the stop "
        "of 2028 and 2029 is foreseen: it is the most that stock can do. A twentieth of the Vault is modelled.",
        blocks=("What the money of funds buys",),
    ),
    Question(
        "Do we meet all four CRMA lines in 2030; which one binds and what does it cost?",
        "diversify explain eu-crma",
        ("Capacity of the group", "Each of the group"),
        "All four can be met for the three materials of the instance, and all four bind; together they cost 92 million USD, and a point of recycling is the "
        "dearest. China reaches its 65 % in lithium and Nd-Pr, not in cobalt (README). "
        "They are met because the plan may build what is missing, at capital costs that are assumed, as is European use: "
        "take the order from it, not the dollars. Savings are discounted to today.",
    ),
    Question(
        "If China stops tomorrow, which needs stop first, and after how many weeks?",
        "diversify stress korea-reserve --who CHN --onset 2027-02-25 --length '90 d'",
        ("China from",),
        "Korea's dysprosium, then tungsten, from the first day on and for thirty: a quarter and a fifth of what users need "
        "in those ninety days are missing, and an eighth of Nd-Pr, because a release takes thirty days and users hold no stock of their own here. "
        "From then on 100 days of reserve carry them; a stop of a year leaves 113 days of dysprosium and 91 of tungsten missing "
        "(`--length '1 yr'`). Steps are thirty days: nothing finer is seen.",
        blocks=("Whose cut",),
    ),
    Question(
        "Who is our N-1 for each material: which single country hurts most?",
        "diversify stress japan-reserve --onset 2029-07-01 --length '1 yr'",
        (),
        "For Japan it is China for Nd-Pr and gallium; no country's stop leaves dysprosium or terbium short, and nobody "
        "but China hurts anybody. What is listed is what is missing after the reserves of 60 and 180 days are used. Any other problem is asked the "
        "same way: `gallium-usa` says that China hurts in 2026 only, before others deliver.",
        blocks=("Least part of any need", "Whose cut"),
    ),
    Question(
        "Can the 2027 DFARS rule be met for all defence magnets without a waiver?",
        MAGNETS,
        ("Every demand is met", "dfars "),
        "Yes, if lots are kept apart: no magnet is missing in any class, and of the magnets for defence none need have a step in "
        "a covered country. If suppliers mixed their lots, 53 % would have one in 2027. If all four separators of heavy oxides that are being built "
        "(`facilities[lacq-heavies].start=2028-07-01` and so on) came in mid-2028, still nothing would be missing. That defence uses a tenth of all, "
        "and that makers and users can be told apart by lot, is assumed.",
        blocks=("Share of covered",),
    ),
    Question(
        "Is it cheaper to stockpile oxide, metal or magnets?",
        "diversify solve magnets-controls --gap 0.01",
        (),
        "Against Chinese controls on all stages, magnets: of standard ones 143 days are bought at once, of hot ones 38, and 42 t of "
        "Dy-Tb oxide. Of standard magnets as much is put in as the rule of a year's filling lets. The instance has no store of alloy; with one added, as easy to fill "
        "as that of magnets, 1,136 t of standard alloy and 64 t of oxide are held besides, the magnets stay, and 20 million USD are saved. Odds are assumptions.",
        blocks=("Days of demand in stock",),
    ),
    Question(
        "Stockpile or build? At what ban probability does the answer flip?",
        "diversify worth magnets-controls --flip calm --set 'combinations[controls].lengths=[1 yr]' "
        "--set 'combinations[controls].availabilities=[0]'",
        ("At a probability",),
        "Both, plants first. What is not calm is a full Chinese stop of one year that begins in 2027, 2028 or 2029. From a probability of 1.6 % on some "
        "Dy-Tb oxide is stored, from 3.1 % the alloy plants of KMP (Korea) and Blacksburg are enlarged, from 5.5 % magnets are held; beyond that the two grow together, and "
        "only beyond 78 and 90 % do the plants drop out. The thresholds are low because going without costs many times the price, which is assumed.",
    ),
    Question(
        "What if we pool stocks with partners instead of separate ones?",
        "diversify worth partners-pool --pooling",
        ("Together",),
        "Four tenths less stock, at a cost that is lower by 0.3 %, if bans hit one partner at a time; if only a stop for all is feared, "
        "pooling saves nothing (README). The tonnes rest on needs, the dollars on odds, and both are assumed.",
    ),
    Question(
        "How much does Kazakhstan tungsten cut our cost, and is it worth $X?",
        "diversify explain kazakhstan-tungsten --why katpar-build",
        ("expansion katpar-build", "It leaves the plan"),
        "At 1.1 billion USD (146.7 USD/kg of yearly output) it is worth it to buyers, and up to some 1.146 billion, 6,149 USD a tonne a "
        "year more. Its size and running cost are guesses, and so is what others leave of the small mines: with more of it for sale to the "
        "United States it is not built (README).",
    ),
    Question(
        "What share of Chinese content remains?",
        MAGNETS,
        (),
        "Of the standard magnets 77 % have a step in China in 2026, 45 % in 2032 and 32 % in 2035; bought from China directly are 59 %, "
        "32 % and 20 % (`Who supplies standard magnets`): the rest comes hidden in magnets of Vietnam and in alloy. "
        "All three lines agree because standard magnets go to one class of users.",
        blocks=("Share of CHN",),
    ),
    Question(
        "What is the cheapest mix with an HHI below 2,500?",
        "diversify solve gallium-usa --set 'rules=[{id: hhi, kind: hhi_cap, commodity: gallium, "
        "max_hhi: {2026: 1, 2027: 0.25}, counted: deliveries}]'",
        ("Least cost", "hhi:"),
        "From 2027 on China 42 %, Australia 18, Kazakhstan 15, Canada 11, Germany and Japan 8 each: 36.9 million USD, against "
        "33.0 with China alone (`rules=[]`). In 2026 only three others sell, too few for such an index.",
        blocks=("Who supplies gallium", "How concentrated gallium is"),
    ),
    Question(
        "How long until Dy, not Nd, is the bottleneck, and what do we do with surplus Ce?",
        MAGNETS,
        ("disposal ",),
        "Dy-Tb is from the start: in every year 3,000 t of Nd-Pr oxide, all that makers abroad may take, are left over and sold, while from 2027 all Dy-Tb "
        "that plants outside China separate is used or stored, and from 2032 Chinese oxide is bought besides. Of lanthanum and "
        "cerium the United States take 8,258 t a year at 1 USD/kg; up to 11,924 t a year are stored away at 0.30, 19 million USD in ten years.",
        blocks=("What nobody here needs",),
    ),
    Question(
        "What do tariffs of 25/50/100 % on Chinese magnets change?",
        "diversify frontier magnets-usa --path 'lanes[chn-usa-magnet].tariff' --low '25 %' --high '100 %' --most 5 "
        "--gap 0.01",
        ("At 25 %", "To 34.38 %", "To 53.12 %", "To 100 %"),
        "Sellers' prices stay, so that buyers pay: 27 million USD for each of the first points, discounted, 0.58 billion in all at 53 % and 1.15 billion "
        "at 100 %, by when a point costs 8 million, a third: two thirds of what China sells at first have gone to others, US makers before all. The solver's gap of 1 % is "
        "77 million USD, so that single tonnes between stretches mean little.",
    ),
    Question(
        "If the November 2026 suspension lapses, what should we have contracted by then?",
        "diversify solve export-controls",
        (),
        "Options on all that others sell of gallium, dysprosium and Nd-Pr; firm contracts for what China does not cover of antimony and "
        "germanium anyway, options on the rest; and stock as far as the last quarter lets it be filled, for which users thrift a tenth in that quarter. Odds and terms are assumptions: "
        "`worth export-controls --flip suspended` says from which odds on each pays (a minute).",
        blocks=("Contracts", "Days of demand in stock"),
    ),
    Question(
        "How much recycling or thrifting equals one refinery?",
        "diversify sweep kazakhstan-tungsten --axis 'expansions[katpar-build].capex=200 USD/kg,120 USD/kg' "
        "--axis 'demand[*].quantity*=1,0.97,0.95,0.94'",
        (),
        "The Kazakh plant at 0.9 billion USD (120 USD/kg) saves buyers 387 million; at 1.5 billion it is not built. They save as much without it "
        "when 5 to 6 % of use, 550 of 10,000 t a year, is thrifted or comes back from scrap at no cost; recycling that costs half of what a tonne is worth would have to be "
        "twice as much. In `eu-crma` a point of recycling capacity costs as much as seven to eight of processing.",
        blocks=("expansions[katpar-build].capex",),
    ),
    Question(
        "Worst case instead of average: how much more?",
        "diversify solve partners-pool --set 'risk={worst_weight: 0.9}'",
        ("What may happen",),
        "The plan for the average costs 313.0 million USD expected and 546.9 at worst (`solve partners-pool`); this one 314.4 in either: "
        "1.4 million more, against 232 million less in the dearest case, which has a probability of 0.5 %. 328 t are put in in 2027 in place of 132, enough "
        "for the partners if China stops for all.",
    ),
    Question(
        "Which of my assumptions moves the answer?",
        "diversify explain gallium-usa --assumptions",
        ("Assumed:",),
        "Demand, the Chinese price and the Australian one, in that order; the cap on China moves the cost by a seventh of what demand does. Each "
        "is moved alone; `sweep --method morris` moves them together. Which rest on what: `instances show gallium-usa --number PATH`.",
        blocks=("Of 34 assumed",),
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
    shown: list[str] = []
    inside = False
    for line in (line.rstrip() for line in printed(question.command).splitlines()):
        inside = bool(line) and (
            inside or (question.blocks and line.strip().startswith(question.blocks))
        )
        if inside or (question.starts and line.strip().startswith(question.starts)):
            shown.append(line)
    if not shown:
        raise ValueError(f"{question.command} prints none of the lines that the page is to show.")
    return shown


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
