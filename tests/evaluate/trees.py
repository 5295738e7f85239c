"""Random definitions: bodies of every node kind, with calls of other random definitions in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    Definition,
    FinLiteral,
    Lambda,
    Max,
    NatCast,
    Num,
    Power,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.traverse import subterms
from harness.statement.types import REAL, FinType, FunType, Length, LinearType, Type, VecType

N, N1, M = Length(("n",)), Length(("n",), 1), Length(("m",))
C = Var("c", REAL)
X, Y, Z = Var("x", VecType(N)), Var("y", VecType(N)), Var("z", VecType(N1))
FUNCTIONAL = Var("l", LinearType(VecType(N), REAL))
ROWS = Var("r", FunType(FinType(N), LinearType(VecType(N), REAL)))
W = Var("w", VecType(M))
PARAMETERS = (C, X, Y, Z, FUNCTIONAL, ROWS)
# A name that is bound again and again, inside of its own scope too.
SHADOWING = "s"


@dataclass(frozen=True)
class Tree:
    """A definition with what it calls, at one size."""

    definition: Definition
    equations: Mapping[str, Definition]
    n: int


@dataclass
class Grower:
    """Grows terms; `vectors` are the vector variables in scope, by length."""

    random: Random
    vectors: dict[Length, list[Var]]
    calls: list[Definition]
    real: Var | None = None
    functionals: bool = False
    positive: bool = False  # the lengths are known not to be 0
    count: int = 0
    indices: list[Var] = field(default_factory=list)

    def number(self, budget: int) -> Term:
        """A term of type ℝ with about `budget` nodes."""
        if budget <= 1:
            return self._leaf()
        kinds: list[tuple[int, Callable[[int], Term]]] = [
            (8, self._binary),
            (4, self._unary),
            (3, self._sum),
            (2, self._softmax_like),
            (1, lambda b: Power(self.number(b - 1), self.random.choice((0, 1, 2, 2, 3)))),
            (1, lambda b: Max(self.vector(self._length(), b - 1))),
            (1, lambda b: self._tabulated(b)),
        ]
        if self.calls:
            kinds.append((2, self._call))
        if self.functionals:
            kinds.append((2, self._apply))
        weights = [weight for weight, _ in kinds]
        return self.random.choices([grow for _, grow in kinds], weights)[0](budget)

    def vector(self, length: Length, budget: int) -> Term:
        """A term of type `Vec length`."""
        known = self.vectors.get(length, [])
        if known and (budget <= 2 or self.random.random() < 0.5):
            return self.random.choice(known)
        rows = [d for d in self.calls if d.index is not None and len(d.params) == 1]
        if rows and self.random.random() < 0.3:
            called = self.random.choice(rows)
            return Call(called.constant, (self.vector(length, budget - 1),), VecType(length))
        index = self._bind(length)
        body = self.number(budget - 1)
        self.indices.pop()
        kind: Type = self.random.choice((VecType(length), FunType(FinType(length), REAL)))
        return Tabulate(index, body, kind)

    def _bind(self, length: Length) -> Var:
        self.count += 1
        name = SHADOWING if self.random.random() < 0.15 else f"i{self.count}"
        self.indices.append(Var(name, FinType(length)))
        return self.indices[-1]

    def _indices(self, length: Length) -> list[Var]:
        """The indices of a type in scope; of those with one name, only the innermost is."""
        visible = {index.name: index for index in self.indices}
        return [index for index in visible.values() if index.type == FinType(length)]

    def _length(self) -> Length:
        return self.random.choice(list(self.vectors))

    def _coordinate(self, length: Length, budget: int) -> Term:
        """A coordinate of a vector, at an index in scope or at the first one."""
        fitting = self._indices(length)
        if fitting:
            return Coord(self.vector(length, budget), self.random.choice(fitting))
        if length.offset or self.positive:
            return Coord(self.vector(length, budget), FinLiteral(0, length))
        return Max(self.vector(length, budget))

    def _leaf(self) -> Term:
        choice = self.random.random()
        if choice < 0.12:
            top, bottom = self.random.randint(-4, 9), self.random.choice((1, 1, 1, 2, 3, 10))
            return Num(Fraction(top, bottom))
        if choice < 0.15:
            return NatCast(self._length())
        if choice < 0.25 and self.real:
            return self.real
        return self._coordinate(self._length(), 1)

    def _binary(self, budget: int) -> Term:
        left = self.random.randint(1, budget - 1)
        op = self.random.choice(("add", "sub", "mul", "mul", "div"))
        return Binary(op, self.number(left), self.number(budget - left))

    def _unary(self, budget: int) -> Term:
        op = self.random.choice(("neg", "exp", "log", "sqrt", "abs"))
        operand = self.number(budget - 1)
        if op in ("log", "sqrt") and self.random.random() < 0.7:
            operand = Unary("abs", operand)  # mostly where it is defined
        return Unary(op, operand)

    def _sum(self, budget: int) -> Term:
        index = self._bind(self._length())
        body = self.number(budget - 1)
        self.indices.pop()
        return Sum(index, body)

    def _softmax_like(self, budget: int) -> Term:
        """exp (a - max): what the harness is for, and rare among random trees."""
        length = self._length()
        vector = self.vector(length, min(budget - 1, 3))
        fitting = self._indices(length)
        if fitting:
            shifted = Binary("sub", Coord(vector, self.random.choice(fitting)), Max(vector))
            return Unary("exp", shifted)
        self.count += 1
        index = Var(f"e{self.count}", FinType(length))
        return Sum(index, Unary("exp", Binary("sub", Coord(vector, index), Max(vector))))

    def _tabulated(self, budget: int) -> Term:
        length = self._length()
        fitting = self._indices(length)
        if not fitting:
            return self._sum(budget)
        at = self.random.choice(fitting)
        return Coord(self.vector(length, budget - 1), at)

    def _call(self, budget: int) -> Term:
        called = self.random.choice(self.calls)
        length = self._length()
        argument = (self.vector(length, budget - 1),)
        if called.index is None:
            return Call(called.constant, argument, REAL)
        vector = Call(called.constant, argument, VecType(length))
        fitting = self._indices(length)
        return Coord(vector, self.random.choice(fitting)) if fitting else Max(vector)

    def _apply(self, budget: int) -> Term:
        argument = self.vector(N, budget - 1)
        fitting = self._indices(N)
        choice = self.random.random()
        if choice < 0.4 and fitting:
            return Apply(Coord(ROWS, self.random.choice(fitting)), argument)
        if choice < 0.7:
            return Apply(FUNCTIONAL, argument)
        self.count += 1
        var, index = Var(f"v{self.count}", VecType(N)), Var(f"j{self.count}", FinType(N))
        product = Binary("mul", Coord(self.random.choice((X, Y)), index), Coord(var, index))
        return Apply(Lambda(var, Sum(index, product), FUNCTIONAL.type), argument)


def applies(term: Term, op: str) -> bool:
    """Whether the function of that name stands in the term itself."""
    return any(isinstance(part, Unary) and part.op == op for part in subterms(term))


def uses(tree: Tree, op: str) -> bool:
    """Whether the definition, or one that it calls, applies the function of that name."""
    known, waiting = set[str](), [tree.definition.constant]
    while waiting:
        name = waiting.pop()
        known.add(name)
        body = tree.equations[name].body
        if applies(body, op):
            return True
        called = {term.constant for term in subterms(body) if isinstance(term, Call)}
        waiting.extend(called - known)
    return False


def grow(seed: int) -> Tree:
    """The random definition of `main` over PARAMETERS, and the definitions that it calls."""
    random = Random(seed)
    definitions: list[Definition] = []
    for name in ("f", "g")[: random.choice((0, 1, 2))]:
        grower = Grower(random, {M: [W]}, list(definitions))
        index = Var(f"k{name}", FinType(M)) if random.random() < 0.5 else None
        grower.indices = [index] if index else []
        kind: Type = VecType(M) if index else REAL
        body = grower.number(random.randint(1, 5))
        definitions.append(Definition(name, (W,), index, body, kind))
    n = random.choice((0, 1, 1, 2, 2, 3, 3, 4))
    grower = Grower(random, {N: [X, Y], N1: [Z]}, definitions, C, functionals=True, positive=n > 0)
    index = Var("k", FinType(N)) if random.random() < 0.4 else None
    grower.indices = [index] if index else []
    body = grower.number(random.randint(2, 12))
    main = Definition("main", PARAMETERS, index, body, VecType(N) if index else REAL)
    return Tree(main, {d.constant: d for d in (*definitions, main)}, n)
