"""The last step of elaboration: lengths filled in, every bound name unique, nothing too large."""

from __future__ import annotations

from harness.statement.inference import Inference
from harness.statement.substitute import free_vars, rewritten, unused
from harness.statement.syntax import Node, failure
from harness.statement.term import Coord, Forall, NatCast, Tabulate, Term
from harness.statement.traverse import mapped, parts
from harness.statement.type_of import type_of
from harness.statement.types import Length

DEEPEST = 150


def finished(inference: Inference, node: Node, statement: Forall) -> Forall:
    """The statement with all that was inferred. InputError for what could not be, at its place."""
    inference.settle()
    inference.charge(node, (statement,))
    _refuse_deep(node, statement)
    lengths = {name: NatCast(inference.length(Length((name,)))) for name in inference.unknowns}
    taken: set[str] = set()

    def name_for(name: str) -> str:
        # Reductions may have copied a binder or removed the one whose name this one avoided.
        name = unused(inference.written[name], inference.reserved | taken)
        taken.add(name)
        return name

    known = rewritten(statement, lengths, lambda name: name)
    term = _without_eta(rewritten(known, {}, name_for))
    assert isinstance(term, Forall)
    return term


def _without_eta(term: Term) -> Term:
    """`fun i => f i` becomes f where both are of one type, so that both spellings are one term."""
    term = mapped(term, _without_eta)
    if isinstance(term, Tabulate) and isinstance(term.body, Coord):
        vector = term.body.vector
        if term.body.index == term.index and term.index not in free_vars(vector):
            return vector if type_of(vector) == term.type else term
    return term


def _refuse_deep(node: Node, statement: Term) -> None:
    level: list[Term] = [statement]
    for _ in range(DEEPEST):
        level = [below for term in level for below in parts(term)]
        if not level:
            return
    raise failure(node, f"the term is nested more than {DEEPEST} levels deep", "name parts of it")
