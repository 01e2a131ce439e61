"""Choices: which sellers a rule counts, or takes on, where that is a yes/no choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instances.rules import MaxNewSellers
from models.index import Index
from models.max_new_sellers import new_sellers
from models.min_suppliers import counting_rows
from models.rows import family_rows
from models.sellers import SOLD, sellers_of

if TYPE_CHECKING:
    from models.frame import Frame
    from models.network import Network


def declare_choices(frame: Frame, network: Network) -> None:
    """Declare ``chosen``: 1 if a rule counts a seller at a node, or takes it on there."""
    keys = [
        (row.rule.id, row.line.goods, seller, row.node)
        for row in counting_rows(network)
        for seller in sellers_of(network, row)
    ]
    keys += [
        (new.rule.id, new.line.goods, seller, new.node)
        for new in family_rows(network.problem, MaxNewSellers)
        for seller in new_sellers(network, new)
    ]
    index = Index.of(SOLD, keys)
    frame.add_set("CHOICE", index)
    frame.add_variable("chosen", "CHOICE", index, 1.0, binary=True)
