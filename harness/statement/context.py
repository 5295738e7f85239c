"""What every rule of elaboration is handed: scope, bound names and the inference so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from harness.errors import InputError, did_you_mean
from harness.statement.inference import Inference
from harness.statement.names import FUNCTIONS, TYPES, Scope
from harness.statement.printer import show
from harness.statement.substitute import applied
from harness.statement.syntax import Identifier, Node, failure
from harness.statement.term import Lambda, Term, Var
from harness.statement.types import NAT, REAL, FinType, FunType, LinearType, Type, VecType


@dataclass(frozen=True)
class Typed:
    """A term and its type. A ℕ-term is a `NatCast` with type ℕ: it may become a real number."""

    term: Term
    type: Type


@dataclass(frozen=True)
class Context:
    """Where a node is elaborated. bound: what the bound names mean; rule: elaborates any node."""

    scope: Scope
    inference: Inference
    rule: Callable[[Context, Node, Type | None], Typed]
    bound: Mapping[str, Typed]

    def infer(self, node: Node, expected: Type | None = None) -> Typed:
        """The term of a node and its type, which `expected` helps to find but does not ensure."""
        return self.rule(self, node, expected)

    def check(self, node: Node, expected: Type) -> Term:
        """The term of a node that must have the expected type. InputError when it has another."""
        return self.coerce(self.infer(node, expected), expected, node)

    def coerce(self, found: Typed, expected: Type, node: Node) -> Term:
        """The term at the expected type: ℕ becomes ℝ, a linear map a function. Else InputError."""
        expected = self.inference.type(expected)
        if found.type == NAT and expected == REAL:
            return found.term
        if isinstance(expected, FunType) and isinstance(found.type, LinearType):
            function = FunType(found.type.domain, found.type.codomain)
            if self.inference.unify(function, expected):
                return self.expanded(Typed(found.term, function))
        if self.inference.unify(found.type, expected):
            return found.term
        raise failure(
            node,
            f"`{excerpt(node)}` has type {self.inference.shown(found.type)}, "
            f"but {self.inference.shown(expected)} is needed here",
            _conversion(found.type, expected),
        )

    def expanded(self, function: Typed) -> Lambda:
        """A function of vectors or a linear map as `fun v => …` of the given type."""
        kind = function.type
        if isinstance(function.term, Lambda):
            return replace(function.term, type=kind)
        if not isinstance(kind, FunType | LinearType):
            raise TypeError(f"{kind} is no function")
        var = self.inference.variable("v", kind.domain)
        return Lambda(var, applied(function.term, var), kind)

    def where(self, name: str, meaning: Typed) -> Context:
        """The context in which `name` is bound too."""
        return replace(self, bound={**self.bound, name: meaning})

    def bind(self, name: str, kind: Type) -> tuple[Var, Context]:
        """A new variable for `name`, and the context in which the name means it."""
        var = self.inference.variable(name, kind)
        return var, self.where(name, Typed(var, kind))

    def builtin(self, node: Node) -> str | None:
        """The word of the language that a node is, unless a bound variable has its name."""
        if not isinstance(node, Identifier) or node.name.split(".")[0] in self.bound:
            return None
        return None if self.scope.constant(node.name) else self.scope.builtin(node.name)

    def unknown_name(self, node: Identifier) -> InputError:
        """The error for a name that means nothing here."""
        known = [*self.bound, *self.scope.signatures, *sorted(TYPES | FUNCTIONS)]
        longer = [word for word in known if word.endswith(f".{node.name}")]
        hint = f"did you mean '{longer[0]}'?" if longer else did_you_mean(node.name, known)
        hint = hint or "bind it with ∀, or write a spec for the constant"
        return failure(node, f"unknown name `{node.name}`", hint)


def excerpt(node: Node) -> str:
    """The text of a node for a message, cut where it is long."""
    text = show(node)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _conversion(found: Type, expected: Type) -> str:
    """How to write the conversion that Lean would not insert either."""
    if isinstance(found, VecType) and isinstance(expected, FunType):
        if isinstance(expected.domain, FinType):
            return "the coordinates of a vector x as a function are x.ofLp"
    elif isinstance(found, FunType) and isinstance(expected, VecType):
        if isinstance(found.domain, FinType):
            return "the vector with the coordinates f is WithLp.toLp 2 f"
    elif isinstance(found, FunType) and isinstance(expected, LinearType):
        return "a function is no linear map; name one that is"
    return ""
