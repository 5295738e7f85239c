"""A statement that follows from a type: what is typed `→L[ℝ]` is linear, whatever its equation."""

from __future__ import annotations

from harness.statement.elaborate import Scope, elaborate
from harness.statement.parse import parse
from harness.statement.term import Forall, Signature
from harness.statement.types import LinearType


def is_linear(signature: Signature) -> bool:
    """Whether the constant returns a linear map."""
    return isinstance(signature.result, LinearType)


def linearity(signature: Signature, scope: Scope) -> Forall:
    """`C p (a • u + b • v) = a • C p u + b • C p v` for a constant that returns a linear map."""
    assert isinstance(signature.result, LinearType)
    names = [f"p_{place}" for place, _ in enumerate(signature.params)]
    binders = [
        *(f"{{{size} : ℕ}}" for size in signature.sizes),
        *(f"({name} : {kind})" for name, (_, kind) in zip(names, signature.params, strict=True)),
        f"(u v : {signature.result.domain}) (a b : ℝ)",
    ]
    call = " ".join([signature.name, *names])
    text = f"∀ {' '.join(binders)}, {call} (a • u + b • v) = a • ({call} u) + b • ({call} v)"
    return elaborate(parse(text, file=f"<linearity of {signature.name}>"), scope)
