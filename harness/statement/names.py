"""What a name may mean: constants by namespace, as Lean resolves them, and the words built in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.statement.term import Signature

TYPES = frozenset(("ℕ", "Nat", "ℝ", "Real", "Prop", "Type", "Fin", "Vec", "EuclideanSpace"))
FUNCTIONS = frozenset(
    (
        *("Real.exp", "Real.log", "Real.sqrt", "abs", "norm", "inner", "HasFDerivAt"),
        *("Nat.succ", "Nat.cast", "WithLp.toLp", "WithLp.ofLp"),
    )
)
ROOT = "_root_."


@dataclass(frozen=True)
class Scope:
    """What statements may name.

    signatures: the constants, by short name as in `Call.constant`; namespaces: those in force, for
    short names and suffixes of full ones.
    """

    signatures: Mapping[str, Signature]
    namespaces: tuple[str, ...] = ("Proofs.Autograd",)

    def constant(self, name: str) -> Signature | None:
        """The constant that a name means: the innermost namespace wins, as in Lean."""
        for full_name in candidates(name, self.namespaces):
            if full_name in self._by_full_name:
                return self._by_full_name[full_name]
        return self.signatures.get(name)

    def builtin(self, name: str) -> str | None:
        """The word of the language that a name means, such as `Real.exp`; `Vec` in a namespace."""
        for full_name in candidates(name, self.namespaces):
            if full_name in TYPES or full_name in FUNCTIONS:
                return full_name
            if any(full_name == f"{namespace}.Vec" for namespace in self.namespaces):
                return "Vec"
        return None

    @cached_property
    def _by_full_name(self) -> dict[str, Signature]:
        return {signature.full_name: signature for signature in self.signatures.values()}


def candidates(name: str, namespaces: tuple[str, ...]) -> list[str]:
    """The full names that `name` may stand for, the most specific first."""
    if name.startswith(ROOT):
        return [name.removeprefix(ROOT)]
    prefixes = [
        ".".join(parts[:length])
        for namespace in namespaces
        for parts in [namespace.split(".")]
        for length in range(len(parts), 0, -1)
    ]
    return [*(f"{prefix}.{name}" for prefix in dict.fromkeys(prefixes)), name]


def declared_names(name: str, namespaces: tuple[str, ...]) -> tuple[str, str]:
    """The short and the full name of a constant that is declared as `name`.

    A name without dots is declared in the first namespace; `Autograd.f` in `Proofs.Autograd`, where
    that is in force; any other dotted name is a full one.
    """
    full_name = name.removeprefix(ROOT)
    if "." not in name and namespaces:
        full_name = f"{namespaces[0]}.{name}"
    elif not name.startswith(ROOT):
        inside = [
            candidate
            for namespace in namespaces
            for candidate in candidates(name, (namespace,))[1:]
            if candidate.startswith(f"{namespace}.")
        ]
        full_name = inside[0] if inside else name
    short = min(
        (full_name.removeprefix(f"{namespace}.") for namespace in namespaces),
        key=len,
        default=full_name,
    )
    return short, full_name
