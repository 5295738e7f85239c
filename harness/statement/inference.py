"""What one elaboration finds out as it goes: unknown lengths, names in use, what to check later.

A length that is not written (the `{n}` of a constant, the range of `∑ i`) starts as an unknown, a
variable whose name begins with `?`; unification on linear ℕ-terms finds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.statement.substitute import length_at, lengths_in, type_at, unused
from harness.statement.syntax import Node, failure
from harness.statement.term import NatCast, Term, Var
from harness.statement.traverse import subterms
from harness.statement.types import FinType, FunType, Length, LinearType, Type, VecType

LARGEST = 5_000


@dataclass(frozen=True)
class Anything(Type):
    """An expected type of which nothing is known yet; never in an elaborated term."""

    def __str__(self) -> str:
        return "_"


ANYTHING = Anything()


@dataclass(frozen=True, eq=False)
class Inference:
    """What one elaboration knows; its tables grow as it goes, and it is dropped afterwards.

    reserved: names that no variable may take; written: new name -> the name as it was written;
    solutions: unknown -> length; unknowns: where each unknown comes from; postponed: equations
    between lengths that need more knowledge; literals: index numerals, whose range is checked when
    lengths are known.
    """

    reserved: frozenset[str]
    written: dict[str, str] = field(default_factory=dict)
    solutions: dict[str, NatCast] = field(default_factory=dict)
    unknowns: dict[str, tuple[Node, str, str]] = field(default_factory=dict)
    postponed: list[tuple[Length, Length]] = field(default_factory=list)
    literals: list[tuple[int, Length, Node]] = field(default_factory=list)

    def variable(self, name: str, kind: Type) -> Var:
        """A variable whose name is new; `_` gets a name by its type."""
        if name in ("_", ""):
            name = "i" if isinstance(kind, FinType) else "x"
        new = unused(name, self.reserved | self.written.keys())
        self.written[new] = name
        return Var(new, kind)

    def unknown(self, node: Node, what: str, hint: str) -> Length:
        """A new unknown length; `what` and `hint` are for the error when nothing determines it."""
        name = f"?{len(self.unknowns)}"
        self.unknowns[name] = (node, what, hint)
        return Length((name,))

    def length(self, length: Length) -> Length:
        """The length as far as it is known by now."""
        while any(name in self.solutions for name in length.variables):
            length = length_at(length, self.solutions)
        return length

    def type(self, kind: Type) -> Type:
        """The type as far as it is known by now."""
        values = {
            name: NatCast(self.length(Length((name,))))
            for length in lengths_in(kind)
            for name in length.variables
            if name in self.solutions
        }
        return type_at(kind, values) if values else kind

    def shown(self, kind: Type) -> str:
        """The type for a message; unknown lengths are `_`."""
        known = self.type(kind)
        blank = {
            name: NatCast(Length(("_",)))
            for length in lengths_in(known)
            for name in length.variables
            if name.startswith("?")
        }
        return str(type_at(known, blank))

    def unify(self, left: Type, right: Type) -> bool:
        """Whether two types can be the same; learns the unknown lengths that make them so."""
        match left, right:
            case (Anything(), _) | (_, Anything()):
                return True
            case (FinType(length=a), FinType(length=b)) | (VecType(length=a), VecType(length=b)):
                return self.unify_lengths(a, b)
            case FunType(domain=a, result=b), FunType(domain=c, result=d):
                return self.unify(a, c) and self.unify(b, d)
            case LinearType(domain=a, codomain=b), LinearType(domain=c, codomain=d):
                return self.unify(a, c) and self.unify(b, d)
        return left == right

    def unify_lengths(self, left: Length, right: Length) -> bool:
        """Whether two lengths can be equal; what cannot be decided yet is postponed."""
        left, right = self.length(left), self.length(right)
        here, there = Counter(left.variables), Counter(right.variables)
        here, there = here - there, there - here
        if any(map(_is_unknown, there)) and not any(map(_is_unknown, here)):
            return self.unify_lengths(right, left)
        unknowns = [name for name in here if _is_unknown(name)]
        surplus = right.offset - left.offset
        if not unknowns:
            return not here and not there and surplus == 0
        alone = sum(here.values()) == 1 and surplus >= 0
        if len(here) > 1 or (any(map(_is_unknown, there)) and not alone):
            self.postponed.append((left, right))
            return True
        times = here[unknowns[0]]
        if surplus < 0 or surplus % times or any(count % times for count in there.values()):
            return False
        names = [name for name, count in sorted(there.items()) for _ in range(count // times)]
        self.solutions[unknowns[0]] = NatCast(Length(tuple(names), surplus // times))
        return True

    def charge(self, node: Node, terms: Iterable[Term]) -> None:
        """Refuse terms that reductions have blown up. InputError at `node`."""
        size = 0
        for term in terms:
            for _ in subterms(term):
                size += 1
                if size > LARGEST:
                    raise failure(
                        node,
                        f"this expands to more than {LARGEST} parts",
                        "name parts of it with constants of their own",
                    )

    def settle(self) -> None:
        """Decide what was postponed. InputError when a length is unknown or a numeral too large."""
        waiting: list[tuple[Length, Length]] = []
        while self.postponed != waiting:
            waiting = [*self.postponed]
            self.postponed.clear()
            for left, right in waiting:
                if not self.unify_lengths(left, right):
                    node = next(iter(self.unknowns.values()))[0]
                    raise failure(node, f"no length satisfies {left} = {right}")
        for name, (node, what, hint) in self.unknowns.items():
            if any(map(_is_unknown, self.length(Length((name,))).variables)):
                raise failure(node, f"cannot infer {what}", hint)
        for value, length, node in self.literals:
            known = self.length(length)
            if value >= known.offset:
                raise failure(
                    node,
                    f"{value} is no index in {FinType(known)}",
                    "an index is smaller than the length, for every size",
                )


def _is_unknown(name: str) -> bool:
    return name.startswith("?")
