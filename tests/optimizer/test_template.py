"""Template: what a constraint may say, what is refused with a remedy, and what Pyomo must keep."""

from __future__ import annotations

import builtins
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pyomo.core.expr import template_expr

from models import Frame
from models.index import Index
from optimizer.compile import compile_frame
from optimizer.formula import Label, Lookup, ModelError, Number, Product, Total, constant
from optimizer.template import Templates

if TYPE_CHECKING:
    from collections.abc import Callable

NODES = Index.of(("node",), ["a", "b"])
SUM = builtins.sum


def _frame(rule: Callable[..., Any]) -> Frame:
    frame = Frame()
    frame.add_set("NODE", NODES)
    frame.add_set("PAIR", NODES.cross(Index.of(("tier",), [0, 1])))
    frame.add_members("TIERS", "NODE", 1, {"a": [0, 1], "b": [1]})
    frame.add_parameter("price", NODES, np.array([2.0, 3.0]))
    frame.add_parameter("rate", Index((), (), ()), 0.5)
    frame.add_variable("buy", "NODE", NODES)
    frame.add_variable("part", "PAIR", frame.sets["PAIR"])
    frame.add_constraint(rule, NODES)
    return frame


def _relation(rule: Callable[..., Any]) -> Any:
    return Templates(_frame(rule)).relation(rule.__name__)


def test_a_constraint_is_read_once_as_a_formula() -> None:
    calls = []

    def cap(model: Any, node: Any) -> Any:
        calls.append(node)
        return sum(model.part[node, tier] for tier in model.TIERS[node]) <= 3 * model.buy[node]

    found = _relation(cap)
    assert len(calls) == 1
    (node,) = found.symbols
    assert isinstance(found.left, Total)
    (run,) = found.left.ranges
    assert (run.name, run.index) == ("TIERS", (node,))
    assert found.left.term == Lookup("part", (node, run.symbols[0]), variable=True)
    assert found.right == Product(Number(3.0), Lookup("buy", (node,), variable=True))
    assert found.sense == "at_most"


def test_a_function_is_read_again_only_where_names_mean_something_else() -> None:
    calls = []

    def cap(model: Any, node: Any) -> Any:
        calls.append(node)
        return model.buy[node] <= model.price[node]

    first, again = _relation(cap), _relation(cap)
    assert len(calls) == 1
    assert first == again
    other = Frame()
    other.add_set("NODE", NODES)
    other.add_variable("buy", "NODE", NODES)
    other.add_variable("price", "NODE", NODES)
    other.add_constraint(cap, NODES)
    found = Templates(other).relation("cap")
    assert len(calls) == 2
    assert found.right.variable
    assert not first.right.variable


def test_labels_scalars_and_quotients_are_constants_or_look_ups() -> None:
    def odd(model: Any, node: Any) -> Any:
        return model.rate * model.buy["a"] / model.price[node] == -model.price["b"]

    found = _relation(odd)
    assert found.sense == "equal"
    sides = [found.left, found.right]
    assert sorted(constant(side) for side in sides) == [False, True]
    assert Lookup("price", (Label("b"),), variable=False) in [
        getattr(side, "term", None) for side in sides
    ]


def test_a_sum_with_two_loops_runs_over_both() -> None:
    def total(model: Any, node: Any) -> Any:
        return (
            sum(model.part[other, tier] for other in model.NODE for tier in model.TIERS[other])
            >= model.price[node]
        )

    found = _relation(total)
    assert isinstance(found.right, Total)
    assert [run.name for run in found.right.ranges] == ["NODE", "TIERS"]
    assert found.right.ranges[1].index == found.right.ranges[0].symbols


def _branches(model: Any, node: Any) -> Any:
    if model.price[node] > 2:
        return model.buy[node] <= 1
    return model.buy[node] <= 2


def _looks_up(model: Any, node: Any) -> Any:
    return model.buy[node] <= {"a": 1.0, "b": 2.0}[node]


def _multiplies(model: Any, node: Any) -> Any:
    return model.buy[node] * model.buy[node] <= 1


def _divides(model: Any, node: Any) -> Any:
    return 1 / model.buy[node] <= 1


def _squares(model: Any, node: Any) -> Any:
    return model.buy[node] ** 2 <= 1


def _loops(model: Any, node: Any) -> Any:
    total = 0
    for tier in model.TIERS[node]:
        total += model.part[node, tier]
    return total <= 1


def _states_nothing(model: Any, node: Any) -> Any:
    return True


def _computes_an_index(model: Any, node: Any) -> Any:
    return sum(model.part[node, tier + 1] for tier in model.TIERS[node]) <= 1


def _counts_labels(model: Any, node: Any) -> Any:
    return sum(tier * model.part[node, tier] for tier in model.TIERS[node]) <= 1


def _names_what_is_not_there(model: Any, node: Any) -> Any:
    return model.sell[node] <= 1


def _forgets_an_id(model: Any, node: Any) -> Any:
    return model.part[node] <= 1


def _mixes_loops(model: Any, node: Any) -> Any:
    return sum(model.part[node, tier] for _ in range(1) for tier in model.TIERS[node]) <= 1


def _limits_a_range_by_a_variable(model: Any, node: Any) -> Any:
    return (model.price[node], model.buy[node], model.buy[node])


@pytest.mark.parametrize(
    "rule",
    [
        _branches,
        _looks_up,
        _multiplies,
        _divides,
        _squares,
        _loops,
        _states_nothing,
        _computes_an_index,
        _counts_labels,
        _names_what_is_not_there,
        _forgets_an_id,
        _mixes_loops,
        _limits_a_range_by_a_variable,
    ],
)
def test_what_is_no_template_is_refused_with_the_constraints_name(
    rule: Callable[..., Any],
) -> None:
    frame = _frame(rule)
    with pytest.raises(ModelError, match=rule.__name__):
        compile_frame(frame)
    assert builtins.sum is SUM


def test_a_refusal_says_what_to_write_instead() -> None:
    with pytest.raises(ModelError, match="choose rows by an index table, not by `if`"):
        _relation(_branches)


def test_other_threads_keep_their_sum_while_a_function_is_read() -> None:
    """Pyomo replaces `sum` for the whole process while it reads."""
    totals: list[Any] = []

    def other() -> None:
        totals.append(sum(number for number in ()))
        totals.append(sum([1.0, 2.0], 0.5))

    def cap(model: Any, node: Any) -> Any:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert sum([1, 2], 3) == 6
        return model.buy[node] <= 1

    _relation(cap)
    assert totals == [0, 3.5]


def test_two_threads_may_compile_at_once(every_rule: Any) -> None:
    from models import build

    frames = [build(every_rule) for _ in range(4)]
    found: list[Any] = []
    threads = [
        threading.Thread(target=lambda frame=frame: found.append(compile_frame(frame)))
        for frame in frames
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({matrices.coefficients.tobytes() for matrices in found}) == 1
    assert len(found) == 4


def test_pyomo_keeps_what_the_seam_reads() -> None:
    """Each private member that `optimizer/template.py` uses, by the expression it is read from."""
    model = Templates(_frame(_forgets_an_id))._model

    def rule(model: Any, key: Any) -> Any:
        return sum(model.part[key[0], tier] for tier in model.TIERS[key[0]]) == model.price[key]

    rows = model.NODE
    template, (index,) = template_expr.templatize_rule(model, rule, rows)
    assert index._id == 1
    (total,) = (
        part for part in template.args if isinstance(part, template_expr.TemplateSumExpression)
    )
    ((symbol,),) = total._iters
    assert symbol._id == 2
    owner, label = symbol._set._args_
    assert owner is model.TIERS
    assert label is index
    variable, *labels = total._local_args_[0]._args_
    assert variable is model.part
    assert [id(label) for label in labels] == [id(index), id(symbol)]
    ranged = template_expr.templatize_rule(model, lambda model, key: model.buy[key] >= 0, rows)[0]
    assert ranged._strict is False
    assert template_expr._TemplateIterManager.builtin_sum is builtins.sum
    assert set(vars(template_expr._template_iter_context())) == {"cache", "_id", "_group"}
