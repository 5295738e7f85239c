"""A statement taken apart for evaluation: who is sampled, what is assumed, what is compared."""

from __future__ import annotations

from dataclasses import dataclass

from harness.statement.substitute import constants_of, substitute
from harness.statement.term import (
    Apply,
    Call,
    Forall,
    HasFDerivAt,
    Lambda,
    Logic,
    Relation,
    Term,
    Var,
)
from harness.statement.types import FinType, FunType, LinearType, NatType, Type, VecType

EVALUATED = frozenset({"=", "≤", "<", "≥", ">"})


@dataclass(frozen=True)
class Claim:
    """variables: all that are sampled, indices included, ℕ left out; assumed: what must hold;
    relations: what is compared, sides real or vectors; derivatives: what speaks of derivatives;
    constants: what the statement calls; passed: indices that are arguments of calls; outside: why
    the statement cannot be evaluated, or ""; tangents: the only regimes of directions, if any;
    pulled: whether the derivative may come out of a backward pass (autograd's).
    """

    variables: tuple[Var, ...]
    assumed: tuple[Relation, ...]
    relations: tuple[Relation, ...]
    derivatives: tuple[HasFDerivAt, ...]
    constants: tuple[str, ...]
    passed: frozenset[Var]
    outside: str = ""
    tangents: tuple[str, ...] = ()
    pulled: bool = False

    @property
    def sampled(self) -> tuple[Var, ...]:
        """The variables that get numbers."""
        return tuple(v for v in self.variables if not isinstance(v.type, FinType))

    @property
    def indices(self) -> tuple[Var, ...]:
        """The variables that run over coordinates."""
        return tuple(v for v in self.variables if isinstance(v.type, FinType))


def claim_of(statement: Forall) -> Claim:
    """Take a statement apart; functions and linear maps are compared at a fresh argument."""
    assumed: list[Relation] = []
    concluded: list[Term] = []
    outside = _split(statement.body, assumed, concluded)
    variables = [v for v in statement.variables if not isinstance(v.type, NatType)]
    relations: list[Relation] = []
    derivatives: list[HasFDerivAt] = []
    for term in concluded:
        if isinstance(term, HasFDerivAt):
            derivatives.append(term)
            direction = term.derivative.var
            if direction not in variables:
                variables.append(direction)
        elif isinstance(term, Relation):
            relation, fresh = _pointwise(term, len(variables))
            relations.append(relation)
            variables.extend(fresh)
    return Claim(
        tuple(variables),
        tuple(assumed),
        tuple(relations),
        tuple(derivatives),
        constants_of(statement),
        frozenset(_passed(statement.body)),
        outside,
    )


def _split(term: Term, assumed: list[Relation], concluded: list[Term]) -> str:
    """Fill both lists; what cannot be evaluated is named in the result."""
    match term:
        case Logic("→", (left, right)):
            if not isinstance(left, Relation) or left.op not in EVALUATED | {"≠"}:
                return "a hypothesis that is not a comparison"
            assumed.append(left)
            return _split(right, assumed, concluded)
        case Logic("∧", parts):
            return next((why for p in parts if (why := _split(p, assumed, concluded))), "")
        case Logic(op, _):
            return f"'{op}' is not evaluated"
        case Relation() if term.op not in EVALUATED:
            return f"'{term.op}' is not evaluated"
        case Relation() | HasFDerivAt():
            concluded.append(term)
            return ""
    return "not a comparison"


def _pointwise(relation: Relation, count: int) -> tuple[Relation, tuple[Var, ...]]:
    """Both sides at one argument, where they are maps."""
    kind, left, right = relation.type, relation.left, relation.right
    domain: Type | None = None
    if isinstance(kind, LinearType):
        domain, result = kind.domain, kind.codomain
    elif isinstance(kind, FunType) and isinstance(kind.domain, VecType):
        domain, result = kind.domain, kind.result
    if domain is None:
        return relation, ()
    fresh = Var(f"v_{count}", domain)
    return Relation(relation.op, _applied(left, fresh), _applied(right, fresh), result), (fresh,)


def _applied(side: Term, argument: Var) -> Term:
    if isinstance(side, Lambda):
        return substitute(side.body, {side.var: argument})
    return Apply(side, argument)


def _passed(term: object) -> set[Var]:
    """Index variables that stand as arguments of calls."""
    from dataclasses import fields

    found: set[Var] = set()
    if isinstance(term, Call):
        found |= {a for a in term.arguments if isinstance(a, Var) and isinstance(a.type, FinType)}
    if isinstance(term, tuple):
        for part in term:
            found |= _passed(part)
    elif isinstance(term, Term) and not isinstance(term, Var):
        for entry in fields(term):  # type: ignore[arg-type]
            found |= _passed(getattr(term, entry.name))
    return found
