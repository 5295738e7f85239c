"""Hypothesis strategies: random surface trees in the normal form that the parser produces."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.statement.syntax import (
    Application,
    Ascription,
    Binder,
    Binding,
    Enclosed,
    Field,
    Identifier,
    Infix,
    Let,
    NamedArgument,
    Node,
    Numeral,
    Prefix,
)

NAMES = st.sampled_from(["x", "dx", "δ", "x'", "x₁", "ℓ", "𝕜", "a_b", "«odd name»", "softmaxVec"])
DOTTED = st.sampled_from(["Real.exp", "x.ofLp", "Proofs.Autograd.f", "_root_.g", "n.«a b».c"])
OPERATORS = st.sampled_from([*"↔→∨∧=≠<≤>≥+-*/•^", "→L[ℝ]"])
NUMERALS = st.sampled_from(["0", "7", "12", "0.5", "3.25", "1e-6", "2.5E+3"]).map(Numeral)
IDENTIFIERS = st.builds(Identifier, NAMES | DOTTED, st.booleans())


def _binders(types: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Binder, ...]]:
    names = st.lists(NAMES | st.just("_"), min_size=1, max_size=3).map(tuple)
    typed = st.builds(Binder, names, types, st.sampled_from("({⦃"))
    bare = st.builds(Binder, names, st.none(), st.sampled_from("({⦃"))
    return st.lists(typed | bare, min_size=1, max_size=3).map(_merged)


def _merged(binders: list[Binder]) -> tuple[Binder, ...]:
    """Bare names that stand side by side are one binder."""
    found: list[Binder] = []
    for binder in binders:
        bare = binder.type is None and binder.bracket == "("
        if bare and found and found[-1].type is None and found[-1].bracket == "(":
            found[-1] = Binder(found[-1].names + binder.names, None)
        else:
            found.append(binder)
    return tuple(found)


def _sum_binders(types: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Binder, ...]]:
    name = NAMES.map(lambda name: (name,))
    bare = st.builds(Binder, name, st.none()).map(lambda binder: (binder,))
    return bare | st.lists(st.builds(Binder, name, types), min_size=1, max_size=2).map(tuple)


def _round_binders(binders: tuple[Binder, ...]) -> tuple[Binder, ...]:
    return _merged([Binder(binder.names, binder.type) for binder in binders])


def _infix(op: str, left: Node, right: Node) -> Node:
    # `(x : T) → U` is a dependent arrow, so an ascription cannot stand on the left of an arrow.
    if op == "→" and isinstance(left, Ascription):
        left = left.value if not isinstance(left.value, Ascription) else Numeral("1")
    return Infix(op, left, right)


def _application(head: Node, arguments: list[Node]) -> Node:
    if isinstance(head, Application):
        return Application(head.head, (*head.arguments, *arguments))
    return Application(head, tuple(arguments))


def _larger(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    named = st.builds(NamedArgument, NAMES, below)
    arguments = st.lists(below | named, min_size=1, max_size=3)
    return st.one_of(
        st.builds(_application, below, arguments),
        st.builds(_infix, OPERATORS, below, below),
        st.builds(Prefix, st.sampled_from("-¬↑"), below),
        st.builds(Field, below, st.sampled_from(["ofLp", "succ"])),
        st.builds(Enclosed, st.sampled_from("|‖"), below),
        st.builds(Ascription, below, below),
        st.builds(Binding, st.just("∀"), _binders(below), below),
        st.builds(Binding, st.just("fun"), _binders(below).map(_round_binders), below),
        st.builds(Binding, st.just("∑"), _sum_binders(below), below),
        st.builds(Let, NAMES, st.none() | below, below, below),
    )


TREES = st.recursive(IDENTIFIERS | NUMERALS, _larger, max_leaves=20)
