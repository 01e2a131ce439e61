"""Template: a constraint's function is called once, on symbols, and read as a formula.

This is the only module that touches what is private in Pyomo; `tests/optimizer/test_template.py`
fails when Pyomo changes it. The model the functions see is a skeleton: its components have names
and dimensions, but no rows.
"""

from __future__ import annotations

import builtins
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pyomo.core.base import ConcreteModel
from pyomo.core.base.param import Param
from pyomo.core.base.set import Any as AnyLabel
from pyomo.core.base.set import Set
from pyomo.core.base.var import Var
from pyomo.core.expr import numeric_expr, relational_expr, template_expr
from pyomo.core.expr.template_expr import GetItemExpression, IndexTemplate, TemplateSumExpression

from optimizer.formula import (
    Inverse,
    Label,
    Lookup,
    ModelError,
    Number,
    Product,
    Range,
    Relation,
    Sum,
    Symbol,
    Term,
    Total,
    constant,
    symbols,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from models.frame import Frame

_ONE = "?"  # the only label of the skeleton's sets
_LOCK = threading.Lock()
_REMEDY = (
    "Write it with look-ups by index, sums over declared sets or members of indexed sets, and "
    "products of parameters with variables; choose rows by an index table, not by `if`, and put "
    "numbers that depend on an index into a parameter."
)


_Shape = frozenset[tuple[str, str, int]]
_READ: WeakKeyDictionary[Callable[..., Any], tuple[_Shape, int, Relation | Term]] = (
    WeakKeyDictionary()
)
"""What a function was read as, in which shape of frame and with how many indices: the same
function means the same in every frame that declares the same names, whatever rows they have."""


class Templates:
    """Reads the functions of one frame as formulas."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._rows: dict[int, Any] = {}

    @cached_property
    def _shape(self) -> _Shape:
        """Return every declared name with its kind and its number of dimensions."""
        frame = self._frame
        kinds: dict[str, Mapping[str, int]] = {
            "set": {name: len(index.dims) for name, index in frame.sets.items()},
            "keys": {name: len(members.keys.dims) for name, members in frame.members.items()},
            "members": {name: len(members.index.dims) for name, members in frame.members.items()},
            "parameter": {name: len(item.index.dims) for name, item in frame.parameters.items()},
            "variable": {name: len(index.dims) for name, index in frame.variables.items()},
        }
        return frozenset(
            (kind, name, dims) for kind, names in kinds.items() for name, dims in names.items()
        )

    @cached_property
    def _model(self) -> Any:
        """The skeleton, made while no other thread has Pyomo's sets stand for symbols."""
        with _LOCK:
            return self._skeleton()

    def _skeleton(self) -> Any:
        frame = self._frame
        model = ConcreteModel()
        for name, index in frame.sets.items():
            setattr(model, name, Set(dimen=len(index.dims), initialize=[_key(len(index.dims))]))
        for name, members in frame.members.items():
            owner, dimen = _key(len(members.keys.dims)), len(members.index.dims)
            found = Set([owner], dimen=dimen, initialize={owner: [_key(dimen)]})
            setattr(model, name, found)
        for name, parameter in frame.parameters.items():
            # mutable: a look-up by a plain label is to give a component, not a number
            indexed = (AnyLabel,) if parameter.index.dims else ()
            setattr(model, name, Param(*indexed, mutable=True, initialize=0.0))
        for name in frame.variables:
            setattr(model, name, Var(AnyLabel, dense=False))
        return model

    def relation(self, name: str) -> Relation:
        """Return the formula of the constraint ``name``."""
        rule, dims = self._frame.rules[name], len(self._frame.constraints[name].dims)
        known = _READ.get(rule)
        if known is not None and known[:2] == (self._shape, dims):
            assert isinstance(known[2], Relation)
            return known[2]
        found = self._read_relation(name)
        _READ[rule] = (self._shape, dims, found)
        return found

    def _read_relation(self, name: str) -> Relation:
        rule, dims = self._frame.rules[name], self._frame.constraints[name].dims
        rows = self._rows.get(len(dims))
        if rows is None:
            rows = Set(dimen=len(dims), initialize=[_key(len(dims))])
            with _LOCK:
                rows.construct()
            self._rows[len(dims)] = rows
        template, indices = _read(self._model, lambda model, key: rule(model, *key), rows, name)
        if isinstance(template, tuple):
            template = relational_expr.tuple_to_relational_expr(template)
        read = _Reader(name, self._frame)
        index = tuple(Symbol(index._id) for index in indices)
        match template:
            case relational_expr.RangedExpression() if not any(template._strict):
                least, body, most = (read.term(part) for part in template.args)
                if not (constant(least) and constant(most)):
                    raise ModelError(f"constraint {name}: a limit of a range holds variables")
                found = Relation(index, body, most, "at_most", least)
            case relational_expr.EqualityExpression():
                left, right = (read.term(part) for part in template.args)
                found = Relation(index, left, right, "equal")
            case relational_expr.InequalityExpression() if not template._strict:
                left, right = (read.term(part) for part in template.args)
                found = Relation(index, left, right, "at_most")
            case _:
                raise ModelError(
                    f"constraint {name} is no ==, <= or >= between two expressions, but "
                    f"{type(template).__name__}. {_REMEDY}"
                )
        open_ = frozenset[int]().union(
            *(symbols(side) for side in (found.left, found.right, found.least) if side is not None)
        )
        if not open_ <= {symbol.number for symbol in index}:
            raise ModelError(f"constraint {name} sums in a way that is no template. {_REMEDY}")
        return found

    def objective(self) -> Term:
        """Return the formula of the objective: 0 where there is none."""
        rule = self._frame.objective
        if rule is None:
            return Number(0.0)
        known = _READ.get(rule)
        if known is not None and known[:2] == (self._shape, 0):
            assert not isinstance(known[2], Relation)
            return known[2]
        template, _ = _read(self._model, lambda model, key: rule(model), None, "objective")
        found = _Reader("objective", self._frame).term(template)
        if symbols(found):
            raise ModelError(f"the objective sums in a way that is no template. {_REMEDY}")
        _READ[rule] = (self._shape, 0, found)
        return found


def _key(dims: int) -> Any:
    return _ONE if dims == 1 else (_ONE,) * dims


class _Context(template_expr._template_iter_context):  # type: ignore[misc]
    """Pyomo's context, whose `sum` stands in for the builtin one while a function is read.

    The builtin is replaced for the whole process: other threads are handed the true one.
    """

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.get_ident()

    def sum_template(self, *args: Any, **options: Any) -> Any:
        ours = threading.get_ident() == self._thread
        if ours and len(args) == 1 and not options:
            return super().sum_template(*args)
        return template_expr._TemplateIterManager.builtin_sum(*args, **options)


def _read(
    model: Any, rule: Callable[[Any, Any], Any], rows: Any, name: str
) -> tuple[Any, tuple[Any, ...]]:
    with _LOCK:
        assert template_expr._TemplateIterManager.builtin_sum is builtins.sum
        context = template_expr._template_iter_context
        template_expr._template_iter_context = _Context
        try:
            found: tuple[Any, tuple[Any, ...]] = template_expr.templatize_rule(model, rule, rows)
        except Exception as error:
            raise ModelError(f"constraint {name} is no template: {error}. {_REMEDY}") from error
        finally:
            template_expr._template_iter_context = context
    return found


class _Reader:
    """Reads Pyomo's expressions of one constraint."""

    def __init__(self, name: str, frame: Frame) -> None:
        self._name = name
        self._frame = frame

    def term(self, node: Any) -> Term:
        """Return ``node`` as a term."""
        match node:
            case int() | float():
                return Number(float(node))
            case GetItemExpression():
                owner, *index = node._args_
                return self._lookup(owner, tuple(index))
            case TemplateSumExpression():
                return Total(self.term(node._local_args_[0]), self._ranges(node))
            case numeric_expr.ProductExpression():
                first, second = (self.term(part) for part in node.args)
                if constant(first):
                    return Product(first, second)
                if constant(second):
                    return Product(second, first)
                raise ModelError(f"{self._name} multiplies variables: {node}. {_REMEDY}")
            case numeric_expr.DivisionExpression():
                first, second = (self.term(part) for part in node.args)
                if not constant(second):
                    raise ModelError(f"{self._name} divides by a variable: {node}. {_REMEDY}")
                return Product(Inverse(second), first)
            case numeric_expr.NegationExpression():
                return Product(Number(-1.0), self.term(node.args[0]))
            case numeric_expr.SumExpression():
                return Sum(tuple(self.term(part) for part in node.args))
        if hasattr(node, "parent_component") and not isinstance(node, IndexTemplate):
            key = node.index()
            index = () if key is None else key if isinstance(key, tuple) else (key,)
            return self._lookup(node.parent_component(), index)
        if hasattr(node, "__float__") and not hasattr(node, "is_expression_type"):
            return Number(float(node))  # a number of numpy
        raise ModelError(f"{self._name} holds {node} ({type(node).__name__}). {_REMEDY}")

    def _lookup(self, owner: Any, index: tuple[Any, ...]) -> Lookup:
        name = owner.local_name
        variable = name in self._frame.variables
        known = self._frame.variables[name] if variable else self._frame.parameters[name].index
        places = self._places(name, index)
        if len(places) != len(known.dims):
            raise ModelError(
                f"{self._name} looks {name} up by {len(places)} ids, "
                f"it has {len(known.dims)}: {', '.join(known.dims)}"
            )
        return Lookup(name, places, variable)

    def _ranges(self, node: Any) -> tuple[Range, ...]:
        found = []
        for group in node._iters:
            run = tuple(Symbol(index._id) for index in group)
            source = group[0]._set
            if isinstance(source, GetItemExpression):
                owner, *index = source._args_
                name = owner.local_name
                found.append(Range(run, name, self._places(name, tuple(index))))
            elif source.local_name in self._frame.sets:
                found.append(Range(run, source.local_name, None))
            else:
                raise ModelError(f"{self._name} sums over {source}, no declared set. {_REMEDY}")
        return tuple(found)

    def _places(self, name: str, index: tuple[Any, ...]) -> tuple[Symbol | Label, ...]:
        places: list[Symbol | Label] = []
        for place in index:
            if isinstance(place, IndexTemplate):
                places.append(Symbol(place._id))
            elif isinstance(place, str | int | float):
                places.append(Label(place))
            else:
                raise ModelError(f"{self._name} computes an index of {name}: {place}. {_REMEDY}")
        return tuple(places)
